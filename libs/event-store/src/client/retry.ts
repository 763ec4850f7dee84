import { setTimeout as pause } from 'node:timers/promises';
import { Doubling } from '@slipway/kernel';
import { count } from '@slipway/platform';
import { TransportError, unavailable } from './errors.js';

export interface RetryOptions {
  /** What is counted when it fails. */
  readonly operation: 'append' | 'read' | 'ping';
  /** No new try begins later than this after `startedAt`, ms. */
  readonly limitMs: number;
  /** Of one try, ms: a server that hangs is asked again on a new call. */
  readonly tryMs: number;
  /** By `performance.now()`: when the caller began to wait. */
  readonly startedAt: number;
  readonly signal: AbortSignal;
  readonly details: Readonly<Record<string, unknown>>;
}

const PAUSE_MS = { first: 25, most: 250 } as const; // a server that restarts is found again soon after, and a refused connection costs little

/**
 * Repeats `attempt` after transport errors. The attempt must be safe to repeat, and must give up at its signal.
 * @throws STORE_UNAVAILABLE after the limit, or when the store is closed
 */
export async function withRetry<T>(options: RetryOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { operation, limitMs, tryMs, startedAt, signal, details } = options;
  const pauses = new Doubling(PAUSE_MS);
  for (;;) {
    try {
      signal.throwIfAborted();
      return await limited(tryMs, signal, attempt);
    } catch (error) {
      if (signal.aborted) throw unavailable({ ...details, reason: 'closed' }, error);
      if (!(error instanceof TransportError)) throw error;
      if (performance.now() + pauses.ms >= startedAt + limitMs) {
        count('slipway_store_request_failures_total', { operation });
        throw unavailable(details, error);
      }
    }
    // Jitter: all the appends of one broken connection must not come back in the same millisecond.
    await pause(pauses.next() * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}

/** One attempt with its own deadline; rejects at the deadline even when the attempt ignores its signal. */
async function limited<T>(
  limitMs: number,
  outer: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new TransportError(`No answer in ${limitMs} ms`)), limitMs);
  const closing = (): void => deadline.abort(new TransportError('The store is closed'));
  outer.addEventListener('abort', closing, { once: true });
  try {
    const aborted = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason as Error), { once: true });
    });
    return await Promise.race([attempt(deadline.signal), aborted]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', closing);
  }
}
