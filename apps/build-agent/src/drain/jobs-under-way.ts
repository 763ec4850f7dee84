import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';

/** To stop what is left and to have it accepted that it was given back, ms. What was not: a kept report, and the lease. */
const HAND_BACK_MS = 5_000;

/** The jobs that slots have taken, from before their claim to their last word. */
export class JobsUnderWay {
  readonly #jobs = new Set<Promise<void>>();
  readonly #handBack = new AbortController();

  /** Aborted when those that are left are to be given back. */
  get handBack(): AbortSignal {
    return this.#handBack.signal;
  }

  /** Answers `job`. */
  add(job: Promise<void>): Promise<void> {
    const forget = (): void => void this.#jobs.delete(job);
    this.#jobs.add(job);
    job.then(forget, forget);
    return job;
  }

  /** Waits for them up to `graceMs`, then has the rest given back. None may be added any more. */
  async end(graceMs: number, logger: Logger): Promise<void> {
    await this.#within(graceMs);
    if (this.#jobs.size === 0) return;
    logger.warn({ builds: this.#jobs.size, graceMs }, 'builds take longer than the grace: given back');
    this.#handBack.abort();
    await this.#within(HAND_BACK_MS);
  }

  async #within(limitMs: number): Promise<void> {
    const ended = new AbortController();
    const all = Promise.allSettled(this.#jobs).then(() => ended.abort());
    await Promise.race([all, pause(limitMs, ended.signal)]);
    ended.abort();
  }
}
