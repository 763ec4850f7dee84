import type { BuildEvent, BuildSpec, Digest, TagResult } from '@slipway/contracts';
import { STEP_AT } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';
import { assertSuits } from './assert-suits.js';
import { areTooMany, exhausted, isInfrastructure, lostAttempt, reasonOf, type LostAttempt } from './attempts.js';
import type { BuildCommand, BuildCommandData as Data } from './commands.js';

/** What lies in the registry under the build's own tag. */
export interface Pushed {
  readonly imageId: Digest;
  readonly digest: Digest;
  readonly size: number;
}

interface Known {
  readonly spec: BuildSpec;
  readonly requestedAt: string;
  /** The commit once an agent resolved it, or the one asked for. */
  readonly commit: string | null;
  readonly stepAt: number;
  /** In order. */
  readonly lost: readonly LostAttempt[];
}

export type Build =
  | { readonly phase: 'absent' }
  | (Known & { readonly phase: 'queued'; readonly attempt: number }) // the last attempt, lost; 0 = none yet
  | (Known & {
      readonly phase: 'running';
      readonly attempt: number;
      readonly leaseId: string;
      readonly agentId: string;
      readonly isResolved: boolean;
      /** The newest word about a Dockerfile step or phase, to stay quiet when it is repeated. */
      readonly lastStep: string;
      readonly pushed: Pushed | undefined;
      readonly tags: readonly TagResult[] | undefined;
      /** Who asked for its end. From then on its agent has nothing to say but that it stopped. */
      readonly cancelledBy: string | undefined;
    })
  | (Known & {
      readonly phase: 'done';
      /** Whose report closed it. */
      readonly leaseId: string | undefined;
      readonly attempt: number;
      readonly isRemoved: boolean;
    });

export const build: Decider<Build, BuildCommand, BuildEvent> = {
  initial: { phase: 'absent' },

  decide: (command, state) => {
    switch (command.type) {
      case 'RequestBuild':
        return request(command.data, state);
      case 'ClaimAttempt':
        return claim(command.data, state);
      case 'RefuseBuild':
        return refuse(command.data, state);
      case 'RecordSource':
        return recordSource(command.data, state);
      case 'RecordStep':
        return recordStep(command.data, state);
      case 'RecordPush':
        return recordPush(command.data, state);
      case 'RecordTags':
        return recordTags(command.data, state);
      case 'RecordSuccess':
        return recordSuccess(command.data, state);
      case 'RecordFailure':
        return recordFailure(command.data, state);
      case 'RecordCancelled':
        return recordCancelled(command.data, state);
      case 'EndBuild':
        return end(command.data, state);
    }
  },

  evolve: (state, { type, data }) => {
    if (type === 'BuildRequested') {
      const { spec, at } = data;
      const { commit } = spec;
      return { phase: 'queued', attempt: 0, spec, requestedAt: at, commit, stepAt: STEP_AT.queued, lost: [] };
    }
    if (state.phase === 'absent') return state;
    const { spec, requestedAt, commit, stepAt, lost } = state;
    const known = { spec, requestedAt, commit, stepAt, lost };
    switch (type) {
      case 'AttemptLeased': {
        const { attempt, leaseId, agentId } = data;
        const fresh = { isResolved: false, lastStep: '', pushed: undefined, tags: undefined, cancelledBy: undefined };
        return {
          ...known,
          phase: 'running',
          attempt,
          leaseId,
          agentId,
          stepAt: Math.max(stepAt, STEP_AT.leased),
          ...fresh,
        };
      }
      case 'AttemptLost':
        if (state.phase !== 'running') return state;
        return { ...known, phase: 'queued', attempt: data.attempt, lost: [...lost, lostAttempt(state, data)] };
      case 'SourceResolved':
        return state.phase === 'running' ? { ...state, commit: data.commit, isResolved: true } : state;
      case 'StepAdvanced':
        if (state.phase !== 'running') return state;
        return { ...state, stepAt: Math.max(stepAt, data.stepAt), lastStep: wordOf(data) };
      case 'ImagePushed':
        if (state.phase !== 'running') return state;
        return { ...state, pushed: { imageId: data.imageId, digest: data.digest, size: data.size } };
      case 'TagsMoved':
        return state.phase === 'running' ? { ...state, tags: data.tags } : state;
      case 'CancelRequested':
        return state.phase === 'running' ? { ...state, cancelledBy: data.by } : state;
      case 'BuildSucceeded':
        return { ...done(state), stepAt: STEP_AT.done };
      case 'BuildFailed':
      case 'BuildCancelled':
        return done(state);
      case 'BuildRemoved':
        return state.phase === 'done' ? { ...state, isRemoved: true } : state;
    }
  },
};

function done(state: Exclude<Build, { phase: 'absent' }>): Extract<Build, { phase: 'done' }> {
  const { spec, requestedAt, commit, stepAt, lost, attempt } = state;
  return { spec, requestedAt, commit, stepAt, lost, attempt, phase: 'done', leaseId: leaseOf(state), isRemoved: false };
}

function request({ buildId, spec, at }: Data<'RequestBuild'>, state: Build): readonly BuildEvent[] {
  return state.phase === 'absent' ? [{ type: 'BuildRequested', data: { buildId, spec, at } }] : [];
}

/** A redelivered job claims again: the old lease is lost and the next attempt starts. Whoever saw less looks again. */
function claim(data: Data<'ClaimAttempt'>, state: Build): readonly BuildEvent[] {
  const { buildId, leaseId, attemptsBefore, at } = data;
  if (state.phase === 'absent') throw new AppError('BUILD_NOT_FOUND', { buildId });
  if (state.phase === 'done') throw new AppError('BUILD_CLOSED', { buildId });
  if (state.phase === 'running' && state.leaseId === leaseId) return []; // the same claim again
  if (state.lost.some((lost) => lost.leaseId === leaseId)) throw new AppError('LEASE_STALE', { buildId, leaseId }); // said long ago
  if (state.attempt !== attemptsBefore) throw new AppError('LEASE_STALE', { buildId, leaseId });
  assertSuits(data, state.spec);

  if (state.phase === 'queued') return leaseNext(data, state);
  const { attempt, cancelledBy: by } = state;
  const lost: Lost = { type: 'AttemptLost', data: { buildId, attempt, why: 'the lease ran out', at } };
  if (by !== undefined) return [lost, cancelled(data, { attempt, by })];
  return lose(data, state, lost) ?? [lost, ...leaseNext(data, state)];
}

function leaseNext({ buildId, agentId, leaseId, at }: Data<'ClaimAttempt'>, { attempt }: { attempt: number }) {
  return [{ type: 'AttemptLeased' as const, data: { buildId, attempt: attempt + 1, agentId, leaseId, at } }];
}

type Lost = Extract<BuildEvent, { type: 'AttemptLost' }>;

/** The end of the build, when as many attempts are lost as may be. */
function lose(
  { buildId, logLines, logBytes, at }: Data<'ClaimAttempt' | 'RecordFailure'>,
  running: Running,
  last: Lost,
): readonly BuildEvent[] | undefined {
  const { attempt, lost } = running;
  const all = [...lost, lostAttempt(running, last.data)];
  if (!areTooMany(all)) return undefined;
  const failure = exhausted(all);
  return [last, { type: 'BuildFailed', data: { buildId, attempt, failure, logLines, logBytes, at } }];
}

/** The build cannot be made any more, and nobody has begun it. What an agent has begun is for its agent to end. */
function refuse(
  { buildId, failure, logLines, logBytes, at }: Data<'RefuseBuild'>,
  state: Build,
): readonly BuildEvent[] {
  if (state.phase === 'absent') throw new AppError('BUILD_NOT_FOUND', { buildId });
  if (state.phase !== 'queued') return [];
  return [{ type: 'BuildFailed', data: { buildId, attempt: state.attempt, failure, logLines, logBytes, at } }];
}

type Running = Extract<Build, { phase: 'running' }>;

/** Only the holder of the current lease may speak for the build. `undefined`: it closed the build itself already. */
function held({ buildId, leaseId }: { buildId: string; leaseId: string }, state: Build): Running | undefined {
  if (leaseOf(state) !== leaseId) throw new AppError('LEASE_STALE', { buildId, leaseId });
  return state.phase === 'running' ? state : undefined;
}

/** As `held`, for what is said on the way to a result: `undefined` also while the build is being cancelled. */
function heldAndWanted(lease: { buildId: string; leaseId: string }, state: Build): Running | undefined {
  const running = held(lease, state);
  return running?.cancelledBy === undefined ? running : undefined;
}

function recordSource({ buildId, commit, at, ...lease }: Data<'RecordSource'>, state: Build): readonly BuildEvent[] {
  const running = heldAndWanted({ buildId, ...lease }, state);
  if (!running || (running.isResolved && running.commit === commit)) return [];
  return [{ type: 'SourceResolved', data: { buildId, attempt: running.attempt, commit, at } }];
}

function recordStep(data: Data<'RecordStep'>, state: Build): readonly BuildEvent[] {
  const running = heldAndWanted(data, state);
  if (!running || running.lastStep === wordOf(data)) return [];
  const { buildId, stepAt, phase, step, at } = data;
  return [{ type: 'StepAdvanced', data: { buildId, attempt: running.attempt, stepAt, phase, step, at } }];
}

/** Once it is decided the public tags may move at any moment, so it is decided against a cancellation: see `end`. */
function recordPush(data: Data<'RecordPush'>, state: Build): readonly BuildEvent[] {
  const running = held(data, state);
  if (!running) throw new AppError('BUILD_CLOSED', { buildId: data.buildId });
  if (running.cancelledBy !== undefined) throw new AppError('BUILD_CANCELLING', { buildId: data.buildId });
  if (running.pushed?.digest === data.digest) return [];
  const { buildId, commit, imageId, digest, size, at } = data;
  const { attempt, isResolved } = running;
  const resolved: BuildEvent[] = isResolved ? [] : [{ type: 'SourceResolved', data: { buildId, attempt, commit, at } }]; // the report is still on its way
  return [...resolved, { type: 'ImagePushed', data: { buildId, attempt, imageId, digest, size, at } }];
}

function recordTags(data: Data<'RecordTags'>, state: Build): readonly BuildEvent[] {
  const running = held(data, state);
  if (!running || running.tags) return [];
  const { buildId, tags, at } = data;
  return [{ type: 'TagsMoved', data: { buildId, attempt: running.attempt, tags: [...tags], at } }];
}

/** The digest and the tags are what was recorded, not what the report says. */
function recordSuccess(data: Data<'RecordSuccess'>, state: Build): readonly BuildEvent[] {
  const running = held(data, state);
  if (!running) return []; // the same report again
  const { buildId, logLines, logBytes, at } = data;
  const { attempt, pushed, tags, cancelledBy: by } = running;
  if (by !== undefined) return [cancelled(data, { attempt, by })];
  if (!pushed || !tags) throw new AppError('MESSAGE_INVALID', { buildId, reason: 'success without a recorded push' });
  return [{ type: 'BuildSucceeded', data: { buildId, attempt, ...pushed, tags: [...tags], logLines, logBytes, at } }];
}

/** What the agent could not help is for another one to try: the lease is given back. */
function recordFailure(data: Data<'RecordFailure'>, state: Build): readonly BuildEvent[] {
  const running = held(data, state);
  if (!running) return [];
  const { buildId, failure, logLines, logBytes, at } = data;
  const { attempt, cancelledBy: by } = running;
  if (by !== undefined) return [cancelled(data, { attempt, by })];
  if (isInfrastructure(failure)) {
    const lost: Lost = { type: 'AttemptLost', data: { buildId, attempt, why: reasonOf(failure), failure, at } };
    return lose(data, running, lost) ?? [lost];
  }
  return [{ type: 'BuildFailed', data: { buildId, attempt, failure, logLines, logBytes, at } }];
}

function recordCancelled(data: Data<'RecordCancelled'>, state: Build): readonly BuildEvent[] {
  const running = held(data, state);
  if (!running) return [];
  const { attempt, cancelledBy: by } = running;
  if (by === undefined) throw new AppError('MESSAGE_INVALID', { buildId: data.buildId, reason: 'nobody cancelled it' });
  return [cancelled(data, { attempt, by })];
}

/**
 * An open build is cancelled: at once while no agent has it, else as soon as its agent has stopped. An ended one is
 * removed, but not by somebody who saw it open.
 * @throws BUILD_NOT_FOUND; BUILD_PUBLISHING: its image is recorded, so its tags may be moving
 */
function end({ buildId, by, wasOpen, logLines, logBytes, at }: Data<'EndBuild'>, state: Build): readonly BuildEvent[] {
  switch (state.phase) {
    case 'absent':
      throw new AppError('BUILD_NOT_FOUND', { buildId });
    case 'queued':
      return [cancelled({ buildId, logLines, logBytes, at }, { attempt: state.attempt, by })];
    case 'running':
      if (state.cancelledBy !== undefined) return [];
      if (state.pushed) throw new AppError('BUILD_PUBLISHING', { buildId });
      return [{ type: 'CancelRequested', data: { buildId, by, at } }];
    case 'done':
      return wasOpen || state.isRemoved ? [] : [{ type: 'BuildRemoved', data: { buildId, by, at } }];
  }
}

const cancelled = (
  {
    buildId,
    logLines,
    logBytes,
    at,
  }: { readonly buildId: string; readonly logLines: number; readonly logBytes: number; readonly at: string },
  { attempt, by }: { readonly attempt: number; readonly by: string },
): BuildEvent => ({ type: 'BuildCancelled', data: { buildId, attempt, by, logLines, logBytes, at } });

function leaseOf(state: Build): string | undefined {
  return state.phase === 'running' || state.phase === 'done' ? state.leaseId : undefined;
}

/** What one StepAdvanced says, for comparing. */
const wordOf = ({ stepAt, phase, step }: Pick<Data<'RecordStep'>, 'stepAt' | 'phase' | 'step'>): string =>
  JSON.stringify([stepAt, phase, step && [step.index, step.total, step.name, step.cached]]);
