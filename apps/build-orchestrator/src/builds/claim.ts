import type { NatsConnection } from '@nats-io/transport-node';
import {
  Lease,
  subjects,
  type BuildSpec,
  type Claimant,
  type ClaimReply,
  type Control,
  type RenewReply,
} from '@slipway/contracts';
import { assertSuits, type Build } from '@slipway/domain';
import { AppError, type Clock } from '@slipway/kernel';
import { NO_LOG, type LogDesk } from '../logs/log-desk.js';
import type { Quotas } from '../quotas/quotas.js';
import type { BuildDesk } from './build-desk.js';
import type { AssertWanted } from './claim-line.js';
import type { Elsewhere } from './elsewhere.js';
import { REPOSITORY_GONE } from './repository-stands.js';

/** How long a holder has to say that it is alive, ms: also when its machine is busy. */
const ALIVE_LIMIT_MS = 1_500;
const ACTOR = 'service:build-orchestrator';

export interface ClaimDesk {
  readonly builds: BuildDesk;
  readonly logs: LogDesk;
  /** Whether the repository that a build was requested for is still there. @throws REPOSITORY_CLOSING */
  readonly repositoryStands: (spec: BuildSpec, buildId: string) => Promise<boolean>;
  /** Whether the namespace has room for one more build that runs. */
  readonly quotas: Pick<Quotas, 'begin'>;
  /** Agents that gave this build back leave it to others, while there are such. */
  readonly elsewhere: Pick<Elsewhere, 'mustLeave'>;
  /** Whether an agent answers that it holds the build under this lease. */
  readonly isAlive: (buildId: string, leaseId: string) => Promise<boolean>;
  readonly clock: Clock;
}

/**
 * An agent holds a job and asks for the build. A job that comes again means that nobody renewed it, or that the queue
 * was wiped and filled again while an agent was at work: an agent that answers keeps its build. Before the next attempt
 * is leased, the log is fenced: lines of the lost attempt that are still on their way are refused from then on. A build
 * for which its namespace has no room is `held`: it comes again; so is one that this agent has given back, while there
 * are others, and one whose lease was lost since it was first claimed. Where another claim was quicker, everything is
 * looked at again. Safe to repeat with the same lease id.
 * @throws BUILD_NOT_FOUND; AGENT_UNSUITED; REPOSITORY_CLOSING: ask again; SERVICE_UNAVAILABLE: nothing is changed for an agent that
 * does not wait for it any more
 */
export async function claimBuild(desk: ClaimDesk, claimant: Claimant, assertWanted: AssertWanted): Promise<ClaimReply> {
  for (;;) {
    try {
      return await claimAsSeen(desk, claimant, assertWanted);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'LEASE_STALE') throw error;
    }
  }
}

/** @throws LEASE_STALE when there was a newer attempt by the time it was decided */
async function claimAsSeen(desk: ClaimDesk, claimant: Claimant, assertWanted: AssertWanted): Promise<ClaimReply> {
  const { builds, logs, repositoryStands, quotas, clock } = desk;
  const { buildId, agentId, leaseId, traits } = claimant;
  const before = await builds.load(buildId);
  if (before.phase === 'absent') throw new AppError('BUILD_NOT_FOUND', { buildId });
  if (before.phase === 'done') return { answer: 'over' };
  if (!isHolder(before, leaseId)) assertSuits(claimant, before.spec); // before its log is fenced
  if (await isHeld(desk, claimant, before)) return { answer: 'held' };

  const isFirst = before.phase === 'queued' && before.attempt === 0; // nobody has logged anything
  if (isFirst && !(await repositoryStands(before.spec, buildId))) {
    const failed = { buildId, failure: REPOSITORY_GONE, ...NO_LOG, at: clock.now() };
    await builds.handle({ type: 'RefuseBuild', data: failed }, { cause: `refuse/${buildId}`, actor: ACTOR });
    return { answer: 'over' };
  }
  assertWanted();
  if (!isFirst && !isHolder(before, leaseId)) await logs.fence(buildId, before.attempt + 1);
  const log = isFirst ? NO_LOG : await logs.recorded(buildId);
  const data = { buildId, agentId, leaseId, traits, attemptsBefore: before.attempt, ...log, at: clock.now() };
  const start = (): ReturnType<typeof claim> =>
    claim(builds, { type: 'ClaimAttempt', data }, { cause: `claim/${leaseId}`, actor: `agent:${agentId}` });
  const claimed =
    before.phase === 'queued'
      ? await quotas.begin({ buildId, namespace: before.spec.namespace }, start)
      : await start();
  if (claimed === 'later') return { answer: 'held' };
  if (claimed?.state.phase !== 'running') return { answer: 'over' };
  const { attempt, requestedAt, spec } = claimed.state;
  return { answer: 'granted', attempt, requestedAt, spec };
}

/** Whether this agent is to say nothing, for another one has the build or is to get it. */
async function isHeld(
  { elsewhere, isAlive }: ClaimDesk,
  { buildId, agentId, leaseId }: Lease,
  before: Open,
): Promise<boolean> {
  if (before.lost.some((lost) => lost.leaseId === leaseId)) return true;
  if (before.phase === 'queued') return elsewhere.mustLeave({ buildId, agentId }, before);
  return !isHolder(before, leaseId) && (await isAlive(buildId, before.leaseId));
}

type Open = Extract<Build, { phase: 'queued' | 'running' }>;

const isHolder = (build: Open, leaseId: string): boolean => build.phase === 'running' && build.leaseId === leaseId;

/** Asks the holder itself. */
export const askHolder =
  (nats: NatsConnection): ClaimDesk['isAlive'] =>
  async (buildId, leaseId) => {
    const question: Control = { type: 'alive' };
    try {
      const answer = await nats.request(subjects.control(buildId), JSON.stringify(question), {
        timeout: ALIVE_LIMIT_MS,
      });
      return Lease.safeParse(answer.json()).data?.leaseId === leaseId;
    } catch {
      return false; // nobody listens, or it does not run
    }
  };

async function claim(builds: BuildDesk, ...words: Parameters<BuildDesk['handle']>) {
  try {
    return await builds.handle(...words);
  } catch (error) {
    if (error instanceof AppError && error.code === 'BUILD_CLOSED') return undefined; // ended in between
    throw error;
  }
}

/** What is true of a lease. Changes nothing. */
export async function renewLease(
  builds: BuildDesk,
  { buildId, leaseId }: Pick<Lease, 'buildId' | 'leaseId'>,
): Promise<RenewReply> {
  const state = await builds.load(buildId);
  if (state.phase === 'running' && state.leaseId === leaseId)
    return state.cancelledBy === undefined ? { lease: 'current' } : { lease: 'cancelled', by: state.cancelledBy };
  if (state.phase === 'done' && state.leaseId === leaseId) return { lease: 'over' };
  return { lease: 'stale' };
}
