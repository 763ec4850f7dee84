import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { AppError, systemClock } from '@slipway/kernel';
import { idSequence, type IdSequence } from './id-sequence.js';

const sequenceOn = (store: EventStore): IdSequence =>
  idSequence('build-config', { store, clock: systemClock, actor: 'service:repository' });

const take = (sequence: IdSequence, count: number): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: count }, () => sequence.next()));

describe('id sequence', () => {
  it('counts from 1', async () => {
    const sequence = sequenceOn(createMemoryEventStore());
    expect([await sequence.next(), await sequence.next(), await sequence.next()]).toEqual([1, 2, 3]);
  });

  it('gives every id once, over many services that start at once', async () => {
    const store = createMemoryEventStore();
    const taken = await Promise.all(Array.from({ length: 10 }, () => take(sequenceOn(store), 250)));
    expect(new Set(taken.flat()).size).toBe(2_500);
    expect(Math.min(...taken.flat())).toBe(1);
  });

  it('asks the store once for a block', async () => {
    const store = createMemoryEventStore();
    await take(sequenceOn(store), 100);
    expect(await store.read('sequence-build-config')).toHaveLength(1);
    await take(sequenceOn(store), 101);
    expect(await store.read('sequence-build-config')).toHaveLength(3);
  });

  it('goes on after what another service took, also after a restart', async () => {
    const store = createMemoryEventStore();
    const [before] = await take(sequenceOn(store), 1);
    const [after] = await take(sequenceOn(store), 1);
    expect([before, after]).toEqual([1, 101]);
  });

  it('says so when the store is away, and works again when it is back', async () => {
    const store = createMemoryEventStore();
    let isAway = true;
    const sequence = sequenceOn({
      ...store,
      readLast: (...args) => {
        if (isAway) throw new AppError('STORE_UNAVAILABLE');
        return store.readLast(...args);
      },
    });
    await expect(sequence.next()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    isAway = false;
    expect(await sequence.next()).toBe(1);
  });
});
