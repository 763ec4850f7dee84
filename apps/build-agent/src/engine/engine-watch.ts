import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { JobGate } from '../slots/job-gate.js';

/** How often it is asked, ms. */
const LOOK_MS = 2_000;
/** An engine of a busy machine may take its time; one that takes longer runs no build either, ms. */
const ANSWER_LIMIT_MS = 5_000;

/** Settles once the engine has answered, or at the signal. */
export type Ping = (signal: AbortSignal) => Promise<unknown>;

/** Takes no job while the container engine does not answer: each would only be another lost attempt. */
export class EngineWatch {
  constructor(
    private readonly ping: Ping,
    private readonly gate: JobGate,
    private readonly logger: Logger,
    private readonly limitMs = ANSWER_LIMIT_MS,
  ) {}

  /** Two at once do no harm: each says what it saw. */
  async look(): Promise<void> {
    const isSilent = !(await answersWithin(this.ping, this.limitMs));
    if (this.gate.reasons.includes('engine') === isSilent) return;
    if (isSilent) this.logger.error({}, 'the container engine does not answer: no job is taken until it does');
    else this.logger.info({}, 'the container engine answers again: jobs are taken');
    this.gate.set('engine', isSilent);
  }

  /** Until `signal` is aborted. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await pause(LOOK_MS, signal);
    }
  }
}

export const answersWithin = (ping: Ping, limitMs: number): Promise<boolean> =>
  ping(AbortSignal.timeout(limitMs)).then(
    () => true,
    () => false,
  );
