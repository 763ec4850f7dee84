import type { PauseReason } from '@slipway/contracts';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { JobGate } from '../slots/job-gate.js';

/** How often it is asked, ms. */
const LOOK_MS = 2_000;
/** On a busy machine it may take its time; what takes longer serves no build either, ms. */
const ANSWER_LIMIT_MS = 5_000;

/** Settles once there was an answer, or at the signal. */
export type Ping = (signal: AbortSignal) => Promise<unknown>;

/** Something that every build needs. */
export interface Needed {
  readonly reason: Extract<PauseReason, 'engine' | 'registry'>;
  /** In the log. */
  readonly name: string;
  readonly ping: Ping;
  /** Whether there has to be an answer from the start on; else only once there has been one. */
  readonly fromTheStart: boolean;
}

/** Takes no job while something that builds need does not answer: each would only be another lost attempt. */
export class AnswerWatch {
  #isNeeded: boolean;

  constructor(
    private readonly needed: Needed,
    private readonly gate: JobGate,
    private readonly logger: Logger,
    private readonly limitMs = ANSWER_LIMIT_MS,
  ) {
    this.#isNeeded = needed.fromTheStart;
  }

  /** Two at once do no harm: each says what it saw. */
  async look(): Promise<void> {
    const { reason, name, ping } = this.needed;
    const answers = await answersWithin(ping, this.limitMs);
    this.#isNeeded ||= answers;
    const isSilent = !answers && this.#isNeeded;
    if (this.gate.reasons.includes(reason) === isSilent) return;
    if (isSilent) this.logger.error({}, `${name} does not answer: no job is taken until it does`);
    else this.logger.info({}, `${name} answers again: jobs are taken`);
    this.gate.set(reason, isSilent);
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
