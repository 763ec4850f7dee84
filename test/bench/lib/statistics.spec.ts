import { atLeast, atMost } from './bench.js';
import { atRate, inParallel, median, medianOfRounds, percentile, slope } from './statistics.js';

describe('statistics of a bench', () => {
  it('take percentiles whatever the order', () => {
    const values = [5, 1, 4, 2, 3];
    expect([percentile(values, 0), median(values), percentile(values, 0.99)]).toEqual([1, 3, 5]);
    expect(values).toEqual([5, 1, 4, 2, 3]);
    expect(() => median([])).toThrow(RangeError);
  });

  it('take the median of several rounds', async () => {
    expect(await medianOfRounds(3, async (round) => [100, 1, 7][round] ?? 0)).toBe(7);
  });

  it('run every task once, so many at a time', async () => {
    const ran: number[] = [];
    let running = 0;
    let most = 0;
    await inParallel(4, 20, async (n) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      ran.push(n);
    });
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(most).toBe(4);
  });

  it('judge by goals that include their limit', () => {
    expect([atLeast(2).isMet(2), atLeast(2).isMet(1.9), atMost(5).isMet(5), atMost(5).isMet(5.1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('find the straight line through points that scatter', () => {
    expect(
      slope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
    ).toBeCloseTo(2);
    expect(
      slope([
        [0, 11],
        [1, 9],
        [2, 11],
        [3, 9],
      ]),
    ).toBeCloseTo(-0.4);
  });

  it('start tasks at a rate, whether or not the ones before have ended', async () => {
    const never = Promise.withResolvers<void>();
    const started: number[] = [];
    const all = atRate({ count: 3, perSecond: 1_000 }, async (n) => {
      started.push(n);
      if (started.length === 3) never.resolve();
      await never.promise;
    });
    await all;
    expect(started).toEqual([0, 1, 2]);
  });

  it('end with the first task that fails', async () => {
    const failing = atRate({ count: 1_000_000, perSecond: 1_000 }, () => Promise.reject(new Error('refused')));
    await expect(failing).rejects.toThrow('refused');
  });
});
