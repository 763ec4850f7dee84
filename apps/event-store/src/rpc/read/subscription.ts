import { setImmediate as nextTurn } from 'node:timers/promises';
import { Bell } from '../../live/bell.js';
import type { LiveTail } from '../../live/live-tail.js';
import type { EventStore, StreamView } from '../../store/event-store.js';
import type { StoredEvent } from '../../store/events.js';
import { streamDeleted } from '../errors.js';
import { eventEncoder } from './event-encoder.js';
import type { EventFilter } from './event-filter.js';
import { caughtUp, checkpoint, confirmation, fellBehind } from './read-messages.js';
import type { ReadRequest, ReadSource } from './read-request.js';
import type { ResponseStream } from './response-stream.js';

export interface EventSource {
  readonly store: EventStore;
  readonly tail: LiveTail;
}

/**
 * Sends every event after a place, first those of the past and then each new one, until the reader goes. There is one
 * place and one order, so nothing is missed or sent twice where the past ends; a reader that cannot keep up with the
 * newest events gets them from the disk.
 */
export async function subscribe(source: EventSource, request: ReadRequest, out: ResponseStream): Promise<void> {
  const bell = new Bell();
  const unsubscribe = source.tail.subscribe(() => bell.ring());
  out.onClose(() => bell.ring());
  try {
    await out.write(confirmation());
    const encode = eventEncoder(source.store, request.resolveLinks);
    const send = (event: StoredEvent): Promise<void> | undefined => out.write(encode(event));
    const follower = { ...source, bell, out, send };
    await (request.source.kind === 'all'
      ? followAll(follower, request.source)
      : followStream(follower, request.source));
  } finally {
    unsubscribe();
  }
}

interface Follower extends EventSource {
  readonly bell: Bell;
  readonly out: ResponseStream;
  readonly send: (event: StoredEvent) => Promise<void> | undefined;
}

async function followStream(
  follower: Follower,
  { stream, from }: Extract<ReadSource, { kind: 'stream' }>,
): Promise<void> {
  const { store, bell, out } = follower;
  let next = typeof from === 'number' ? from + 1 : from === 'start' ? 0 : afterLast(store, stream);
  let isLive = false;
  while (!out.isClosed) {
    const view = store.view(stream);
    if (view.state === 'tombstoned') throw streamDeleted(stream);
    if (view.state === 'readable' && next <= view.lastRevision) next = await sendFromStream(follower, view, next);
    else if (isLive) await bell.wait();
    else {
      isLive = true;
      await out.write(caughtUp());
    }
  }
}

const afterLast = (store: EventStore, stream: string): number => {
  const view = store.view(stream);
  return view.state === 'tombstoned' ? 0 : view.lastRevision + 1;
};

/**
 * Sends some events from a revision on and returns the next one. A function of its own, like `sendAfter`: an async
 * function keeps its variables alive while it waits, and a sleeping follower must not keep a page.
 */
async function sendFromStream(
  { store, out, send }: Follower,
  view: Extract<StreamView, { state: 'readable' }>,
  from: number,
): Promise<number> {
  const page = store.readStream(view, { from, direction: 'forwards', limit: Infinity });
  let next = from;
  for (const event of page.events) {
    const full = send(event);
    if (full) await full;
    if (out.isClosed) return next;
    next = event.revision + 1;
  }
  if (page.isLast) return view.lastRevision + 1;
  await nextTurn();
  return next;
}

async function followAll(follower: Follower, { from, filter }: Extract<ReadSource, { kind: 'all' }>): Promise<void> {
  const { store, tail, bell, out } = follower;
  const filtered = { filter, checkpoints: new Checkpoints(filter, out) };
  let position = from === 'start' ? 0 : Math.min(from === 'end' ? Infinity : from, store.lastPosition);
  let isLive = false;
  while (!out.isClosed) {
    if (isLive && !tail.reaches(position)) {
      isLive = false;
      await out.write(fellBehind());
    }
    const reached = await sendAfter(follower, filtered, position);
    if (reached > position) position = reached;
    else if (isLive) await bell.wait();
    else {
      isLive = true;
      await filtered.checkpoints.send(position);
      await out.write(caughtUp());
    }
  }
}

interface Filtered {
  readonly filter: EventFilter | undefined;
  readonly checkpoints: Checkpoints;
}

/** Sends some events after a position, from memory or from the disk, and returns how far it got. */
async function sendAfter(
  { store, tail, out, send }: Follower,
  { filter, checkpoints }: Filtered,
  position: number,
): Promise<number> {
  const newest = tail.after(position);
  const events = newest ?? store.readAll(position + 1, 'forwards').events;
  let reached = position;
  for (const event of events) {
    const full = filter && !filter.matches(event, store) ? undefined : send(event);
    if (full) await full;
    if (out.isClosed) return reached;
    reached = event.position;
    const isBehind = checkpoints.passed(reached);
    if (isBehind) await isBehind;
  }
  if (!newest) await nextTurn();
  return reached;
}

/** Tells a filtered reader how far it has got, so that it can go on from there although nothing matched. */
class Checkpoints {
  #considered = 0;
  #sent = 0;

  constructor(
    private readonly filter: EventFilter | undefined,
    private readonly out: ResponseStream,
  ) {}

  passed(position: number): Promise<void> | undefined {
    if (!this.filter || ++this.#considered < this.filter.checkpointEvery) return undefined;
    return this.send(position);
  }

  send(position: number): Promise<void> | undefined {
    if (!this.filter || position <= this.#sent) return undefined;
    this.#considered = 0;
    this.#sent = position;
    return this.out.write(checkpoint(position));
  }
}
