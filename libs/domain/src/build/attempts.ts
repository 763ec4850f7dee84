import { FAILURES, type BuildEventOf, type Failure } from '@slipway/contracts';

/** Attempts at one build that may be lost before it fails. Source: docs/adr/0031-infrastructure-failures.md */
export const MAX_ATTEMPTS = 3;
/** Of one reason among those of all attempts. */
const REASON_CHARS = 500;

/** An attempt that did not end the build. */
export interface LostAttempt {
  readonly attempt: number;
  readonly agentId: string;
  readonly leaseId: string;
  readonly why: string;
  /** Its agent said that it could not go on; else the agent fell silent. */
  readonly wasGivenBack: boolean;
  /** Its agent was stopped by a person: no fault of anything. Source: docs/adr/0032-draining.md */
  readonly wasStopped: boolean;
}

type Lost = BuildEventOf<'AttemptLost'>;
type Holder = Pick<LostAttempt, 'agentId' | 'leaseId'>;

/** The agent that had it cannot build now: that says nothing about the build. */
export const isInfrastructure = ({ code }: Failure): boolean => FAILURES[code].infrastructure;

export function lostAttempt(holder: Holder, { attempt, why, failure }: Lost['data']): LostAttempt {
  const { agentId, leaseId } = holder;
  return {
    attempt,
    agentId,
    leaseId,
    why,
    wasGivenBack: failure !== undefined,
    wasStopped: failure?.code === 'AGENT_STOPPING',
  };
}

/** Why an agent gave its attempt back. */
export const reasonOf = ({ code, message }: Failure): string => `${code}: ${message}`.slice(0, REASON_CHARS);

/** No agent may try again after these. */
export const areTooMany = (lost: readonly LostAttempt[]): boolean =>
  lost.filter(({ wasStopped }) => !wasStopped).length >= MAX_ATTEMPTS;

/** No agent may try again: tells what became of each that did. */
export function exhausted(lost: readonly LostAttempt[]): Failure {
  const each = lost.map(({ attempt, agentId, why }) => `attempt ${attempt} on ${agentId}: ${why}`);
  const message = `${lost.length} attempts failed. ${each.join('; ')}`;
  return { code: 'ATTEMPTS_EXHAUSTED', message, step: null, exitCode: null, lastLines: [] };
}

/** Agents that said of themselves that they could not make this build. */
export const agentsThatGaveUp = (lost: readonly LostAttempt[]): ReadonlySet<string> =>
  new Set(lost.filter(({ wasGivenBack, wasStopped }) => wasGivenBack && !wasStopped).map(({ agentId }) => agentId));
