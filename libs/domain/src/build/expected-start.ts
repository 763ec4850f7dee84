/** How many agents' slots there are for a build, and how many builds get one before it. */
export interface QueuePlace {
  readonly ahead: number;
  readonly slots: number;
  readonly free: number;
}

/**
 * How often a slot has to change hands before a build that waits gets one. 0: there are free slots for it and for those
 * before it; null: there is nobody to begin it.
 */
export function turnsUntilStart({ ahead, slots, free }: QueuePlace): number | null {
  if (slots === 0) return null;
  return ahead < free ? 0 : Math.ceil((ahead + 1 - free) / slots);
}

/**
 * When it may be begun: a slot is taken to change hands each time after the median of `durationsMs`, which are needed
 * only where it has to.
 * @returns Unix ms; null: there is nobody to begin it, or nothing to judge by
 */
export function expectedStart(
  turns: ReturnType<typeof turnsUntilStart>,
  durationsMs: readonly number[],
  nowMs: number,
): number | null {
  if (turns === null) return null;
  if (turns === 0) return nowMs;
  const duration = median(durationsMs);
  return duration === undefined ? null : nowMs + turns * duration;
}

/** Of an even number the upper one: what is promised is rather too late. */
const median = (values: readonly number[]): number | undefined =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
