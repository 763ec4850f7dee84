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
