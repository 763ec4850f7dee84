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
 * When to try again what failed at `at`: after as long as it has been tried already, which doubles that time, and not
 * before what the other side asked for, within the longest pause.
 * `random`: 0 to 1. null: it has been tried for long enough.
 */
export function nextAttemptAt(
  { openedAt, at, askedPauseMs = 0 }: { openedAt: string; at: string; askedPauseMs?: number | undefined },
  random: number,
  { firstPauseMs, maxPauseMs, giveUpMs }: RetryLimits = RETRY,
): string | null {
  const atMs = Date.parse(at);
  const triedMs = atMs - Date.parse(openedAt);
  const usualMs = Math.min(Math.max(triedMs, firstPauseMs), maxPauseMs) * (1 + JITTER * (random - 0.5));
  const next = atMs + Math.max(usualMs, Math.min(askedPauseMs, maxPauseMs));
  return next - Date.parse(openedAt) > giveUpMs ? null : new Date(next).toISOString();
}
