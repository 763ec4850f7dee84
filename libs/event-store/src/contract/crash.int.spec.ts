import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@slipway/kernel';
import { startEventStoreServer, type TestServer } from '@slipway/testing';
import { connectEventStore } from '../client/connect.js';
import type { EventStore, NewEvent, StoredEvent } from '../port.js';
import { newEvent, uniqueName } from './port.fixtures.js';

const KILLS = 20;
const WRITERS = 32;
const PREFIX = uniqueName('crash');

interface Acknowledged {
  readonly event: NewEvent;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

describe('the embedded event store, killed under load', () => {
  let server: TestServer;
  let store: EventStore;
  let seen: readonly StoredEvent[] = [];
  let stored: readonly StoredEvent[] = [];
  const acknowledged: Acknowledged[] = [];

  beforeAll(async () => {
    server = await startEventStoreServer();
    store = connectEventStore({ url: server.url });
    const stop = new AbortController();
    const writing = Array.from({ length: WRITERS }, (_, n) =>
      write(store, `${PREFIX}.${n}`, acknowledged, stop.signal),
    );
    const written = Promise.all(writing);
    written.catch(() => {}); // it is awaited after the last kill
    const following = follow(store);
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(100 + Math.random() * 400); // anywhere in a commit
      await server.kill();
      await server.restart();
    }
    stop.abort();
    await written;
    const last = acknowledged.reduce((newest, { position }) => Math.max(newest, position), 0);
    seen = await following(last);
    const reader = connectEventStore({ url: server.url });
    stored = (await Promise.all(Array.from({ length: WRITERS }, (_, n) => reader.read(`${PREFIX}.${n}`)))).flat();
    await reader.close();
  }, 240_000);
  afterAll(async () => {
    await store.close();
    await server.stop();
  }, 30_000);

  it('was under load', () => expect(acknowledged.length).toBeGreaterThan(KILLS * WRITERS));

  it('lost no acknowledged event, and kept each where it said', () => {
    const byId = new Map(stored.map((event) => [event.id, event]));
    const wrong = acknowledged.filter(({ event, stream, revision, position }) => {
      const found = byId.get(event.id);
      return found?.stream !== stream || found.revision !== revision || found.position !== position;
    });
    expect(wrong).toEqual([]);
  });

  it('kept nothing twice, and nothing that nobody was told of', () => {
    expect(stored).toHaveLength(acknowledged.length);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(stored.length);
  });

  it('used no position twice', () => {
    expect(new Set(stored.map(({ position }) => position)).size).toBe(stored.length);
  });

  it('left no gap in the revisions', () => {
    for (let n = 0; n < WRITERS; n++) {
      const revisions = stored.filter(({ stream }) => stream === `${PREFIX}.${n}`).map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.map((_, index) => index));
    }
  });

  it('delivered every event once, in order, to one subscription that lived through it all', () => {
    const expected = [...stored].sort((a, b) => a.position - b.position);
    expect(seen.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(seen.map(({ position }) => position)).toEqual(expected.map(({ position }) => position));
  });
});

/** One event after the other, each expecting the one before: a retry that appended twice would be a conflict. */
async function write(
  store: EventStore,
  stream: string,
  acknowledged: Acknowledged[],
  signal: AbortSignal,
): Promise<void> {
  for (let expected = -1; !signal.aborted; expected++) {
    const event = newEvent({ expected });
    const appended = await repeated(() => store.append(stream, [event], expected));
    acknowledged.push({ event, stream, ...appended });
  }
}

/** As a caller does: what was not answered is sent again, with the same ids, but not for ever. */
async function repeated<T>(call: () => Promise<T>, tries = 10): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (tries === 1 || !(error instanceof AppError) || error.code !== 'STORE_UNAVAILABLE') throw error;
    return repeated(call, tries - 1);
  }
}

/** Follows until it has delivered the position it is given in the end. */
function follow(store: EventStore): (last: number) => Promise<readonly StoredEvent[]> {
  const seen: StoredEvent[] = [];
  const abort = new AbortController();
  let target = Infinity;
  const following = (async () => {
    for await (const item of store.subscribeAll({ after: undefined, prefixes: [PREFIX], signal: abort.signal })) {
      if (item.kind === 'event') seen.push(item.event);
      if ((seen.at(-1)?.position ?? 0) >= target) return;
    }
  })();
  return async (last) => {
    target = last;
    if ((seen.at(-1)?.position ?? 0) >= last) abort.abort();
    const limit = setTimeout(() => abort.abort(), 60_000);
    await following;
    clearTimeout(limit);
    return seen;
  };
}
