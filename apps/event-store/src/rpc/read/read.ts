import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore } from '../../store/event-store.js';
import type { StoredEvent } from '../../store/events.js';
import { streamDeleted } from '../errors.js';
import { eventEncoder } from './event-encoder.js';
import { streamNotFound } from './read-messages.js';
import type { ReadRequest, ReadSource } from './read-request.js';
import type { ResponseStream } from './response-stream.js';

type BoundedRead = ReadRequest & { readonly count: number };

/** Sends what there is now, up to `count` events; what is appended meanwhile is not part of it. */
export async function read(store: EventStore, request: BoundedRead, out: ResponseStream): Promise<void> {
  const { source } = request;
  if (source.kind === 'all') return readAll(store, request, source, out);
  return readStream(store, request, source, out);
}

async function readStream(
  store: EventStore,
  { direction, count, resolveLinks }: BoundedRead,
  { stream, from }: Extract<ReadSource, { kind: 'stream' }>,
  out: ResponseStream,
): Promise<void> {
  const view = store.view(stream);
  if (view.state === 'tombstoned') throw streamDeleted(stream);
  if (view.state === 'absent') return out.write(streamNotFound(stream));
  const encode = eventEncoder(store, resolveLinks);
  const step = direction === 'forwards' ? 1 : -1;
  let next = from === 'start' ? 0 : from === 'end' ? view.lastRevision + (step > 0 ? 1 : 0) : from;
  for (let left = count; left > 0 && next >= 0 && !out.isClosed;) {
    if (step > 0 && next > view.lastRevision) return;
    const page = store.readStream(view, { from: next, direction, limit: left });
    for (const event of page.events) {
      if (event.revision > view.lastRevision) return;
      const full = out.write(encode(event));
      if (full) await full;
      if (out.isClosed) return;
      next = event.revision + step;
    }
    left -= page.events.length;
    if (page.isLast) return;
    await nextTurn();
  }
}

async function readAll(
  store: EventStore,
  { direction, count, resolveLinks }: BoundedRead,
  { from, filter }: Extract<ReadSource, { kind: 'all' }>,
  out: ResponseStream,
): Promise<void> {
  const encode = eventEncoder(store, resolveLinks);
  const end = store.lastPosition;
  const after = (event: StoredEvent): number => (direction === 'forwards' ? event.position + 1 : event.position);
  let next = from === 'start' ? 0 : from === 'end' ? end + 1 : from;
  let left = count;
  while (left > 0 && !out.isClosed) {
    const page = store.readAll(next, direction, filter ? undefined : left);
    for (const event of page.events) {
      next = after(event);
      if (direction === 'forwards' && event.position > end) return;
      if (filter && !filter.matches(event, store)) continue;
      const full = out.write(encode(event));
      if (full) await full;
      if (out.isClosed || --left === 0) return;
    }
    if (page.isLast) return;
    await nextTurn();
  }
}
