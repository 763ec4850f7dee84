const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 60 * 60 * 1_000;
const GIVE_UP_MS = 24 * 60 * 60 * 1_000;
/** Spreads those that failed together over half of the pause. */
const JITTER = 0.5;

export interface RetryLimits {
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
  readonly giveUpMs: number;
}
export const RETRY: RetryLimits = { firstPauseMs: FIRST_PAUSE_MS, maxPauseMs: MAX_PAUSE_MS, giveUpMs: GIVE_UP_MS };

/**
 * When to try again what failed at `at`: after as long as it has been tried already, which doubles that time.
 * `random`: 0 to 1. null: it has been tried for long enough.
 */
export function nextAttemptAt(
  { openedAt, at }: { readonly openedAt: string; readonly at: string },
  random: number,
  { firstPauseMs, maxPauseMs, giveUpMs }: RetryLimits = RETRY,
): string | null {
  const atMs = Date.parse(at);
  const triedMs = atMs - Date.parse(openedAt);
  const pauseMs = Math.min(Math.max(triedMs, firstPauseMs), maxPauseMs);
  const next = atMs + pauseMs * (1 + JITTER * (random - 0.5));
  return next - Date.parse(openedAt) > giveUpMs ? null : new Date(next).toISOString();
}
