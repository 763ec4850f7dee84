import { until } from '@slipway/testing';
import type { EventStore } from '../port.js';
import { newEvent, newEvents, uniqueName } from './port.fixtures.js';

/** What the port promises about reading and retention. */
export function readContract(store: () => EventStore): void {
  const revisions = async (reading: ReturnType<EventStore['read']>): Promise<readonly number[]> =>
    (await reading).map(({ revision }) => revision);

  it('takes a missing stream for an empty one', async () => {
    expect(await store().read(uniqueName())).toEqual([]);
    expect(await store().readLast(uniqueName(), 5)).toEqual([]);
  });

  it('reads from any revision, as many as wanted', async () => {
    const stream = uniqueName();
    await store().append(stream, newEvents(5), -1);
    expect(await revisions(store().read(stream, { from: 2 }))).toEqual([2, 3, 4]);
    expect(await revisions(store().read(stream, { from: 1, max: 2 }))).toEqual([1, 2]);
    expect(await revisions(store().read(stream, { max: 0 }))).toEqual([]);
    expect(await revisions(store().read(stream, { from: 5 }))).toEqual([]);
  });

  it('reads the newest first', async () => {
    const stream = uniqueName();
    await store().append(stream, newEvents(5), -1);
    expect(await revisions(store().readLast(stream, 2))).toEqual([4, 3]);
    expect(await revisions(store().readLast(stream, 9))).toEqual([4, 3, 2, 1, 0]);
    expect(await revisions(store().readLast(stream, 0))).toEqual([]);
  });

  it('reads the newest of all streams', async () => {
    const [left, right] = [uniqueName(), uniqueName()];
    await store().append(left, newEvents(2), -1);
    await store().append(right, newEvents(1), -1);
    const ours = (await store().newest(50)).filter(({ stream }) => stream === left || stream === right);
    expect(ours.map(({ stream, revision }) => [stream, revision])).toEqual([
      [right, 0],
      [left, 1],
      [left, 0],
    ]);
    const [newest] = ours;
    expect(newest?.position).toBeGreaterThan(ours[1]?.position ?? Infinity);
  });

  it('reads a long stream in full', async () => {
    const stream = uniqueName();
    for (let n = 0; n < 10; n++) await store().append(stream, newEvents(300), n * 300 - 1);
    const all = await revisions(store().read(stream));
    expect(all).toEqual(Array.from({ length: 3_000 }, (_, revision) => revision));
  }, 30_000);

  it('keeps as many events as it is told to, the newest', async () => {
    const stream = uniqueName();
    await store().append(stream, newEvents(5), -1);
    await store().retain(stream, { maxCount: 2 });
    expect(await revisions(store().read(stream))).toEqual([3, 4]);
    expect(await revisions(store().readLast(stream, 9))).toEqual([4, 3]);
    expect(await store().append(stream, [newEvent()], 4)).toMatchObject({ revision: 5 });
    expect(await revisions(store().read(stream))).toEqual([4, 5]);
    await store().retain(stream, { maxCount: 3 });
    await store().retain(stream, { maxCount: 1 });
    expect(await revisions(store().read(stream))).toEqual([5]);
  });

  it('keeps events no longer than it is told to', async () => {
    const stream = uniqueName();
    await store().append(stream, newEvents(2), -1);
    await store().retain(stream, { maxAgeS: 3_600 });
    expect(await revisions(store().read(stream))).toEqual([0, 1]);
    await store().retain(stream, { maxAgeS: 1 });
    await until(async () => (await store().read(stream)).length === 0, { limitMs: 10_000 });
    expect(await store().append(stream, [newEvent()], 1)).toMatchObject({ revision: 2 });
  }, 15_000);
}
