import { setTimeout as pause } from 'node:timers/promises';

/** The value below which `share` (0 to 1) of the values lie. @throws without values: nothing was measured */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('No values');
  return value;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Measures `count` times and takes the median, so that one disturbed round does not tell. */
export async function medianOfRounds(count: number, measure: (round: number) => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < count; round++) values.push(await measure(round));
  return median(values);
}

/** How often a second something happened. */
export async function perSecond(times: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return times / ((performance.now() - startedAt) / 1_000);
}

/** Runs `task` for 0 … `times` - 1, `inFlight` at a time. */
export async function inParallel(
  inFlight: number,
  times: number,
  task: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < times) await task(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/** By how much `y` grows when `x` grows by one: the slope of the straight line with the least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** Task `n` starts `n / perSecond` seconds after the first, whether or not the ones before are answered: a slow system must not be spared. */
export async function atRate(
  { count, perSecond: rate }: { readonly count: number; readonly perSecond: number },
  task: (n: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const running = new Set<Promise<void>>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  for (let n = 0; n < count; n++) {
    await Promise.race([pause(Math.max(0, startedAt + (n * 1_000) / rate - performance.now())), failed.promise]);
    const started = task(n);
    running.add(started);
    started.then(() => running.delete(started), failed.reject);
  }
  await Promise.race([Promise.all(running), failed.promise]);
}
