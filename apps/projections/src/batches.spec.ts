import { createMemoryEventStore, uuidV5, type EventStore, type SubscriptionItem } from '@slipway/event-store';
import { until } from '@slipway/testing';
import { readBatches, type Batch } from './batches.js';

const metadata = { at: '2026-11-23T10:00:00.000Z', actor: 'a', $correlationId: 'c', $causationId: 'c', version: 1 };
const append = async (store: EventStore, from: number, to: number): Promise<void> => {
  for (let number = from; number <= to; number++)
    await store.append('build-1', [{ id: uuidV5(`${number}`), type: 'T', data: number, metadata }], 'any');
};

describe('batches', () => {
  it('hold every event once, in order, at most 500 at a time', async () => {
    const store = createMemoryEventStore();
    await append(store, 1, 1_800);
    const stop = new AbortController();
    const batches: Batch[] = [];
    for await (const batch of readBatches(store, { after: 100, prefixes: ['build-'], signal: stop.signal })) {
      batches.push(batch);
      if (batch.isCaughtUp) break;
    }
    const seen = batches.flatMap(({ events }) => events.map(({ position }) => position));
    expect(seen).toEqual(Array.from({ length: 1_700 }, (_, index) => 101 + index));
    expect(Math.max(...batches.map(({ events }) => events.length))).toBe(500);
    expect(batches.length).toBeLessThan(8);
    expect(batches.at(-1)?.upTo).toBe(1_800);
  });

  it('bring a single event at once when all is quiet', async () => {
    const store = createMemoryEventStore();
    const stop = new AbortController();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { events } of readBatches(store, {
        after: undefined,
        prefixes: ['build-'],
        signal: stop.signal,
      }))
        seen.push(...events.map(({ position }) => position));
    })();
    for (let number = 1; number <= 3; number++) {
      await append(store, number, number);
      await until(() => seen.length === number);
    }
    stop.abort();
    await reading;
    expect(seen).toEqual([1, 2, 3]);
  });

  it('stop the subscription while nobody takes them', async () => {
    let given = 0;
    const store: Pick<EventStore, 'subscribeAll'> = {
      async *subscribeAll({ signal }): AsyncGenerator<SubscriptionItem> {
        while (!signal.aborted) yield { kind: 'checkpoint', position: ++given };
      },
    };
    const signal = AbortSignal.timeout(30_000);
    const batches = readBatches(store as EventStore, { after: undefined, prefixes: ['build-'], signal });
    await batches.next();
    const { value } = await batches.next();
    expect((value as Batch).upTo).toBe(1_000);
    expect(given).toBeLessThanOrEqual(2_000);
    await batches.return();
  });

  it('end with the error that ended the subscription, after what came before it', async () => {
    const store: Pick<EventStore, 'subscribeAll'> = {
      async *subscribeAll(): AsyncGenerator<SubscriptionItem> {
        yield { kind: 'checkpoint', position: 1 };
        throw new Error('unreadable position');
      },
    };
    const signal = AbortSignal.timeout(30_000);
    const batches = readBatches(store as EventStore, { after: undefined, prefixes: ['build-'], signal });
    expect((await batches.next()).value).toMatchObject({ upTo: 1 });
    await expect(batches.next()).rejects.toThrow('unreadable position');
  });
});
