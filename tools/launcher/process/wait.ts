import { setTimeout as pause } from 'node:timers/promises';

/** Looks until it is true or the time is over; tells which. */
export async function becomesTrue(
  isTrue: () => boolean | Promise<boolean>,
  options: { readonly limitMs: number; readonly everyMs?: number },
): Promise<boolean> {
  const deadline = Date.now() + options.limitMs;
  while (!(await isTrue())) {
    if (Date.now() >= deadline) return false;
    await pause(options.everyMs ?? 20);
  }
  return true;
}
