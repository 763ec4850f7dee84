import { AppError, type Decider } from '@slipway/kernel';
import { traced } from '@slipway/platform';
import { countingIds } from '@slipway/testing';
import { commandHandler, loadState, type CommandContext, type EventCodec } from './command-handler.js';
import { createMemoryEventStore } from './memory/memory-event-store.js';
import { eventIdOf } from './event-id.js';
import type { EventStore } from './port.js';

interface Add {
  readonly amount: number;
  readonly parts?: number;
}
interface Added {
  readonly type: 'Added';
  readonly data: { readonly amount: number };
}

/** Adds up to 100 at most; an amount of 0 is already true. */
const counter: Decider<number, Add, Added> = {
  initial: 0,
  decide: ({ amount, parts = 1 }, total) => {
    if (total + amount > 100) throw new AppError('FIELD_INVALID', { total });
    return amount === 0
      ? []
      : Array.from({ length: parts }, () => ({ type: 'Added', data: { amount: amount / parts } }));
  },
  evolve: (total, { data }) => total + data.amount,
};

const codec: EventCodec<Added> = {
  version: 2,
  decode: ({ type, data }) => (type === 'Added' ? { type, data: data as Added['data'] } : undefined),
};

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const nextId = countingIds();
const context = (commandId = nextId()): CommandContext => ({
  commandId,
  at: '2026-01-01T00:00:00.000Z',
  actor: 'user:alice',
  correlationId: 'c-1',
});
const store = createMemoryEventStore();
const add = commandHandler(store, counter, codec);

/** A store in which somebody else appends first, `times` times. */
function racing(times: number): EventStore {
  let left = times;
  return {
    ...store,
    async append(stream, events, expected) {
      if (left-- > 0) await add(stream, { amount: 1 }, context());
      return store.append(stream, events, expected);
    },
  };
}

describe('command handler', () => {
  it('appends what is decided and tells where', async () => {
    const first = await add('counter-1', { amount: 5, parts: 2 }, context());
    expect(first).toMatchObject({ state: 5, revision: 1, events: [{ type: 'Added' }, { type: 'Added' }] });
    expect(await add('counter-1', { amount: 2 }, context())).toMatchObject({ state: 7, revision: 2 });
    const [stored] = await store.readLast('counter-1', 1);
    expect(stored).toMatchObject({ type: 'Added', data: { amount: 2 }, revision: 2 });
  });

  it('keeps who, when and why beside every event', async () => {
    const because = context();
    await traced('a request', { from: traceparent }, () => add('counter-2', { amount: 4, parts: 2 }, because));
    const stored = await store.read('counter-2');
    expect(stored.map(({ id }) => id)).toEqual([eventIdOf(because.commandId, 0), eventIdOf(because.commandId, 1)]);
    for (const { metadata } of stored)
      expect(metadata).toEqual({
        at: because.at,
        actor: 'user:alice',
        $correlationId: 'c-1',
        $causationId: because.commandId,
        traceparent,
        version: 2,
      });
  });

  it('appends nothing when the command is already true', async () => {
    await add('counter-3', { amount: 3 }, context());
    const quiet = await add('counter-3', { amount: 0 }, context());
    expect(quiet).toMatchObject({ state: 3, events: [], revision: 0 });
    expect(quiet.position).toBe((await store.read('counter-3'))[0]?.position);
    expect(await add('counter-none', { amount: 0 }, context())).toMatchObject({ revision: -1, position: 0 });
  });

  it('lets a broken rule out, and appends nothing', async () => {
    await expect(add('counter-4', { amount: 101 }, context())).rejects.toMatchObject({ code: 'FIELD_INVALID' });
    expect(await store.read('counter-4')).toEqual([]);
  });

  it('appends the same ids when the same command races with itself in two processes', async () => {
    const same = context();
    const elsewhere = commandHandler(store, counter, codec);
    const both = await Promise.all([
      add('counter-5', { amount: 1 }, same),
      elsewhere('counter-5', { amount: 1 }, same),
    ]);
    expect(both.map(({ revision }) => revision)).toEqual([0, 0]);
    expect(await store.read('counter-5')).toHaveLength(1);
  });

  it('decides anew when somebody else was first', async () => {
    const handled = await commandHandler(racing(3), counter, codec)('counter-6', { amount: 50 }, context());
    expect(handled).toMatchObject({ state: 53, revision: 3 });
    expect((await loadState({ store, decider: counter, codec }, 'counter-6')).state).toBe(53);
    const full = commandHandler(racing(1), counter, codec)('counter-6', { amount: 47 }, context());
    await expect(full).rejects.toMatchObject({ code: 'FIELD_INVALID', details: { total: 54 } });
  });

  it('gives up after losing the race five times', async () => {
    const unlucky = commandHandler(racing(5), counter, codec)('counter-7', { amount: 50 }, context());
    await expect(unlucky).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    expect((await loadState({ store, decider: counter, codec }, 'counter-7')).state).toBe(5);
  });

  it('passes over events it does not know', async () => {
    const [event] = await store.read('counter-1');
    if (!event) throw new Error('No event');
    await store.append('counter-8', [{ ...event, id: nextId(), type: 'Renamed' }], -1);
    expect(await add('counter-8', { amount: 1 }, context())).toMatchObject({ state: 1, revision: 1 });
  });

  it('does a command once that is repeated at once, whatever its rules would say', async () => {
    const same = context();
    await add('counter-9', { amount: 1 }, same);
    expect(await add('counter-9', { amount: 1 }, same)).toMatchObject({ state: 1, events: [], revision: 0 });
  });
});

describe('command handler that remembers', () => {
  const reads: string[] = [];
  const froms: (number | undefined)[] = [];
  const counting: EventStore = {
    ...store,
    read: (stream, options) => {
      reads.push(stream);
      froms.push(options?.from);
      return store.read(stream, options);
    },
  };
  const remembering = commandHandler(counting, counter, codec, { remember: 2 });

  it('reads a stream once, and appends on what it remembers', async () => {
    for (const amount of [1, 2, 3]) await remembering('kept-1', { amount }, context());
    expect(reads).toEqual(['kept-1']);
    expect(await store.read('kept-1')).toHaveLength(3);
  });

  it('looks again when somebody else has appended', async () => {
    await add('kept-1', { amount: 10 }, context());
    expect(await remembering('kept-1', { amount: 1 }, context())).toMatchObject({ state: 17 });
  });

  it('tells the present state, also what somebody else has appended, and reads only what is new', async () => {
    for (const amount of [1, 2, 3]) await remembering('kept-6', { amount }, context());
    froms.length = 0;
    expect(await remembering.load('kept-6')).toBe(6);
    await add('kept-6', { amount: 10 }, context());
    expect(await remembering.load('kept-6')).toBe(16);
    expect(await remembering.load('kept-6')).toBe(16);
    expect(froms).toEqual([3, 3, 4]);
    expect(await remembering('kept-6', { amount: 1 }, context())).toMatchObject({ state: 17, revision: 4 });
    expect(await remembering.load('kept-none')).toBe(0);
    expect(await add.load('kept-6')).toBe(17); // remembers nothing
  });

  it('refuses and stays quiet on a fresh state only', async () => {
    await remembering('kept-2', { amount: 90 }, context());
    reads.length = 0;
    await expect(remembering('kept-2', { amount: 20 }, context())).rejects.toMatchObject({ code: 'FIELD_INVALID' });
    await remembering('kept-2', { amount: 0 }, context());
    await remembering('kept-2', { amount: 0 }, context());
    expect(reads.length).toBeGreaterThanOrEqual(2);
  });

  it('forgets the stream it has not met for longest', async () => {
    for (const stream of ['kept-3', 'kept-4', 'kept-5']) await remembering(stream, { amount: 1 }, context());
    reads.length = 0;
    await remembering('kept-3', { amount: 1 }, context());
    expect(reads).toEqual(['kept-3']);
  });
});

describe('command handler that is told that a stream is new', () => {
  const reads: string[] = [];
  const counting: EventStore = {
    ...store,
    read: (stream, options) => {
      reads.push(stream);
      return store.read(stream, options);
    },
  };
  const handle = commandHandler(counting, counter, codec);
  const isFirst = { isFirst: true };

  it('appends without reading it', async () => {
    expect(await handle('new-1', { amount: 4 }, context(), isFirst)).toMatchObject({ state: 4, revision: 0 });
    expect(reads).toEqual([]);
  });

  it('finds out that it is not', async () => {
    await add('new-2', { amount: 10 }, context());
    expect(await handle('new-2', { amount: 1 }, context(), isFirst)).toMatchObject({ state: 11, revision: 1 });
    expect(reads).toEqual(['new-2']);
  });

  it('refuses and stays quiet on a fresh state only', async () => {
    await add('new-3', { amount: 90 }, context());
    await expect(handle('new-3', { amount: 20 }, context(), isFirst)).rejects.toMatchObject({ code: 'FIELD_INVALID' });
    expect(await handle('new-4', { amount: 0 }, context(), isFirst)).toMatchObject({ events: [], revision: -1 });
  });
});

describe('command handler that folds the newest event alone', () => {
  const newest: Decider<number, Add, Added> = { ...counter, evolve: (_, { data }) => data.amount };

  it('reads no more than that', async () => {
    const handle = commandHandler({ ...store, read: () => Promise.reject(new Error('too long')) }, newest, codec, {
      fold: 'last',
    });
    await handle('last-1', { amount: 5 }, context());
    await handle('last-1', { amount: 7 }, context());
    expect(await handle('last-1', { amount: 0 }, context())).toMatchObject({ state: 7, revision: 1 });
  });
});
