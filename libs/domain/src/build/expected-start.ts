/** How many agents' slots there are for a build, and how many builds get one before it. */
export interface QueuePlace {
  readonly ahead: number;
  readonly slots: number;
  readonly free: number;
}

/**
 * When a build that waits may be begun: at once while there are free slots for it and for those before it; otherwise a
 * slot is taken to change hands as often as it must, each time after the median of `durationsMs`.
 * @returns Unix ms; null: there is nobody to begin it, or nothing to judge by
 */
export function expectedStart(
  { ahead, slots, free }: QueuePlace,
  durationsMs: readonly number[],
  nowMs: number,
): number | null {
  if (slots === 0) return null;
  if (ahead < free) return nowMs;
  const duration = median(durationsMs);
  return duration === undefined ? null : nowMs + Math.ceil((ahead + 1 - free) / slots) * duration;
}

/** Of an even number the upper one: what is promised is rather too late. */
const median = (values: readonly number[]): number | undefined =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
