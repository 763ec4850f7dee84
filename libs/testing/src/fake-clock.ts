import type { Clock } from '@slipway/kernel';

export interface FakeClock extends Clock {
  /** Moves the present, ms. */
  readonly advance: (ms: number) => void;
}

/** Stands still until it is told to move. */
export function fakeClock(start = '2026-01-01T00:00:00.000Z'): FakeClock {
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs).toISOString(),
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
