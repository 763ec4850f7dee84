/** Tells how long ago it was started, ms. */
export type Stopwatch = () => number;

/**
 * Goes by whichever clock says more: the one stands still while the machine sleeps, the other may be set back. So a
 * lease is given up too early at worst.
 */
export function startStopwatch(
  wall: () => number = () => Date.now(),
  steady: () => number = () => performance.now(),
): Stopwatch {
  const [wallStart, steadyStart] = [wall(), steady()];
  return () => Math.max(wall() - wallStart, steady() - steadyStart);
}
