import { BuildFailure, type BuildFailureCode } from './build-failure.js';

export interface WatchdogLimits {
  readonly silenceMs: number;
  readonly silenceCode: BuildFailureCode;
  /** Of the whole; none when absent. */
  readonly totalMs?: number;
}

/**
 * Bounds one run of an engine. Its `signal` aborts when the caller's does, when nothing was heard for too long, or when
 * the whole took too long; the reason says which.
 */
export class Watchdog implements Disposable {
  readonly signal: AbortSignal;
  readonly #own = new AbortController();
  readonly #silence: NodeJS.Timeout;
  readonly #total: NodeJS.Timeout | undefined;
  #pauses = 0;

  constructor({ silenceMs, silenceCode, totalMs }: WatchdogLimits, caller: AbortSignal) {
    this.signal = AbortSignal.any([caller, this.#own.signal]);
    this.#silence = setTimeout(() => {
      if (this.#pauses > 0) this.#silence.refresh();
      else this.#own.abort(new BuildFailure(silenceCode, `Nothing was heard for ${silenceMs / 1_000} s.`));
    }, silenceMs);
    if (totalMs === undefined) return;
    const late = (): void => this.#own.abort(new BuildFailure('BUILD_TIMEOUT', `Not done after ${totalMs / 1_000} s.`));
    this.#total = setTimeout(late, totalMs);
  }

  /** Ends the run with this. */
  stop(failure: BuildFailure): void {
    this.#own.abort(failure);
  }

  /** Something was heard. */
  touch(): void {
    this.#silence.refresh();
  }

  /** While our own side works, the engine cannot speak: that is no silence of its. An abort ends the wait at once. */
  async pause<T>(work: () => T | Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.#pauses += 1;
    try {
      const result = work();
      return result instanceof Promise ? await untilAborted(result, this.signal) : result;
    } finally {
      this.#pauses -= 1;
      this.touch();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#total);
  }
}

/** Waits for a promise or for the abort, whichever is first; the promise itself goes on. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {}); // whoever loses the race must not become an unhandled rejection
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
