/** Where the present comes from; tests bring their own. */
export interface Clock {
  /** ISO 8601 UTC with milliseconds. */
  readonly now: () => string;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };
