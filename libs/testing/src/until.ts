import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 10;
/** What is true comes much sooner; a busy machine is no failure. */
const LIMIT_MS = 30_000;

export interface UntilOptions {
  readonly limitMs?: number;
  /** Between two looks; longer where a look costs. Default 10. */
  readonly everyMs?: number;
  /** For the message when it does not come to that. */
  readonly what?: string;
  /** Gives up at once. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until the condition answers something truthy, and gives that back. A condition that throws is not met yet.
 * @throws after `limitMs`, with what the condition last threw as the cause; at `signal`, with its reason
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { limitMs = LIMIT_MS, everyMs = POLL_MS, what = 'the condition', signal }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await condition();
      if (answer) return answer;
    } catch (error) {
      cause = error;
    }
    signal?.throwIfAborted();
    if (performance.now() >= giveUpAt) throw new Error(`${what} was not met in ${limitMs} ms`, { cause });
    await pause(everyMs);
  }
}
