import type { DeliveryEvent, DeliveryEventOf, RefChange, SkipReason } from '@slipway/contracts';
import { AppError, type Decider, type ErrorCode } from '@slipway/kernel';
import type { UnwantedRef, WantedBuild } from './wanted-builds.js';

type Received = DeliveryEventOf<'DeliveryReceived'>['data'];
type Matched = DeliveryEventOf<'DeliveryMatched'>['data'];
type Skipped = DeliveryEventOf<'DeliverySkipped'>['data'];

/** Looking at a delivery once: when it came, or when somebody wants it again. */
export interface DeliveryRun {
  readonly runId: string;
  /** `open`: nothing is decided; `decided`: builds are to be requested; `done`: they are. */
  readonly stage: 'open' | 'decided' | 'done';
  readonly builds: readonly Matched[];
  readonly skipped: readonly Skipped[];
  /** Why it does not go on; null: nothing is known to be in its way. */
  readonly waitingFor: string | null;
}

/** `run`: the latest. */
export type Delivery =
  | { readonly phase: 'absent' }
  | { readonly phase: 'received'; readonly received: Received; readonly run: DeliveryRun };

/** A ref that no build comes of; `refName: null`: the whole delivery. */
export type SkippedRef = Omit<UnwantedRef, 'refName'> & {
  readonly refName: string | null;
  readonly detail?: string;
};

interface OfRun {
  readonly runId: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export type DeliveryCommand =
  | { readonly type: 'ReceiveDelivery'; readonly data: Received }
  | {
      readonly type: 'DecideDelivery';
      readonly data: OfRun & {
        readonly builds: readonly (WantedBuild & { readonly buildId: string })[];
        readonly skipped: readonly SkippedRef[];
      };
    }
  | { readonly type: 'DelayDelivery'; readonly data: OfRun & { readonly why: string } }
  | {
      readonly type: 'CompleteDelivery';
      readonly data: OfRun & { readonly refused: readonly { readonly buildId: string; readonly code: ErrorCode }[] };
    }
  | { readonly type: 'ReplayDelivery'; readonly data: OfRun & { readonly by: string } };

export const delivery: Decider<Delivery, DeliveryCommand, DeliveryEvent> = {
  initial: { phase: 'absent' },

  decide: ({ type, data }, state) => {
    if (type === 'ReceiveDelivery') return receive(data, state);
    if (state.phase === 'absent') throw new AppError('DELIVERY_NOT_FOUND');
    const { run } = state;
    switch (type) {
      case 'DecideDelivery':
        return run.runId === data.runId && run.stage === 'open' ? decided(data) : [];
      case 'DelayDelivery':
        if (run.runId !== data.runId || run.stage === 'done' || run.waitingFor === data.why) return [];
        return [{ type: 'DeliveryDelayed', data }];
      case 'CompleteDelivery':
        return run.runId === data.runId && run.stage === 'decided' ? completed(data, run) : [];
      case 'ReplayDelivery':
        if (run.runId === data.runId) return []; // the same command again
        if (run.stage !== 'done') throw new AppError('DELIVERY_UNFINISHED', { delivery_id: state.received.deliveryId });
        return [{ type: 'DeliveryReplayed', data }];
    }
  },

  evolve: (state, event) => {
    if (event.type === 'DeliveryReceived')
      return { phase: 'received', received: event.data, run: fresh(event.data.runId) };
    if (state.phase === 'absent') return state;
    return { ...state, run: evolveRun(state.run, event) };
  },
};

const fresh = (runId: string): DeliveryRun => ({ runId, stage: 'open', builds: [], skipped: [], waitingFor: null });

function evolveRun(
  run: DeliveryRun,
  { type, data }: Exclude<DeliveryEvent, { type: 'DeliveryReceived' }>,
): DeliveryRun {
  if (type === 'DeliveryReplayed') return fresh(data.runId);
  if (data.runId !== run.runId) return run;
  switch (type) {
    case 'DeliveryMatched':
      return { ...run, stage: 'decided', builds: [...run.builds, data], waitingFor: null };
    case 'DeliverySkipped':
      return {
        ...run,
        stage: 'decided',
        builds: run.builds.filter(({ buildId }) => buildId !== data.buildId),
        skipped: [...run.skipped, data],
        waitingFor: null,
      };
    case 'DeliveryDelayed':
      return { ...run, waitingFor: data.why };
    case 'DeliveryCompleted':
      return { ...run, stage: 'done', waitingFor: null };
  }
}

/** The same delivery again changes nothing. @throws DELIVERY_CONFLICT when something else has its id */
function receive(data: Received, state: Delivery): readonly DeliveryEvent[] {
  if (state.phase === 'absent') return [{ type: 'DeliveryReceived', data }];
  if (state.received.digest !== data.digest) throw new AppError('DELIVERY_CONFLICT', { delivery_id: data.deliveryId });
  return [];
}

type DataOf<T extends DeliveryCommand['type']> = Extract<DeliveryCommand, { type: T }>['data'];

function decided({ runId, builds, skipped, at }: DataOf<'DecideDelivery'>): readonly DeliveryEvent[] {
  const events: readonly DeliveryEvent[] = [
    ...builds.map((build) => ({ type: 'DeliveryMatched' as const, data: { ...build, runId, at } })),
    ...skipped.map((ref) => ({ type: 'DeliverySkipped' as const, data: { ...ref, runId, at } })),
  ];
  return builds.length > 0 ? events : [...events, { type: 'DeliveryCompleted', data: { runId, at } }];
}

function completed({ runId, refused, at }: DataOf<'CompleteDelivery'>, run: DeliveryRun): readonly DeliveryEvent[] {
  const skipped = refused.flatMap(({ buildId, code }): DeliveryEvent[] => {
    const build = run.builds.find((one) => one.buildId === buildId);
    if (!build) return [];
    const { refType, refName, commit, tagConfigId } = build;
    const why: SkipReason = 'BUILD_REFUSED';
    const data = { runId, refType, refName, commit, tagConfigId, why, detail: code, buildId, at };
    return [{ type: 'DeliverySkipped', data }];
  });
  return [...skipped, { type: 'DeliveryCompleted', data: { runId, at } }];
}

/** A delivery that is skipped as a whole, and refs that are, whatever the tag configs say. */
export const skippedRef = (change: RefChange | null, why: SkipReason, detail?: string): SkippedRef => ({
  refType: change?.refType ?? null,
  refName: change?.refName ?? null,
  commit: change?.commit ?? null,
  tagConfigId: null,
  why,
  ...(detail !== undefined && { detail }),
});
