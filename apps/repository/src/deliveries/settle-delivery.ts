import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { streams } from '@slipway/contracts';
import {
  delivery,
  repository,
  skippedRef,
  wantedBuilds,
  type Delivery,
  type DeliveryCommand,
  type PresentRepository,
  type SkippedRef,
  type WantedBuild,
} from '@slipway/domain';
import {
  commandHandler,
  deliveryCodec,
  loadState,
  repositoryCodec,
  uuidV5,
  type EventStore,
} from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { confirmRefs, type ReadRefs } from './confirm-refs.js';
import { requestWantedBuilds } from './request-wanted-builds.js';
import { takeDelivery } from './take-delivery.js';

export interface SettleParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly nats: NatsConnection;
  readonly readRefs: ReadRefs;
  readonly signal: AbortSignal;
}

type Received = Extract<Delivery, { phase: 'received' }>;

/** What the tag configs make of a delivery now. */
export interface Verdict {
  readonly builds: readonly (WantedBuild & { readonly buildId: string })[];
  readonly skipped: readonly SkippedRef[];
}

const ACTOR = 'service:repository';

/** Brings one delivery to its end, or says why it has to wait. Runs of the same delivery in one process are one run. */
export type Settle = (stream: string) => Promise<Received>;

export function settler(parts: SettleParts): Settle {
  const underWay = new Map<string, Promise<Received>>();
  return (stream) => {
    const running = underWay.get(stream) ?? settle(parts, stream).finally(() => underWay.delete(stream));
    underWay.set(stream, running);
    return running;
  };
}

/**
 * Decide, request, complete: each step is an event, and each may be repeated by whoever finds it undone. The ids of the
 * builds are made of the run, so however many do it at once, there is one build of each.
 */
async function settle(parts: SettleParts, stream: string): Promise<Received> {
  let state = await loadDelivery(parts.store, stream);
  try {
    if (state.run.stage === 'open') {
      const verdict = await takeDelivery(parts, state, await judge(parts, state));
      state = await say(parts, stream, { type: 'DecideDelivery', data: { ...verdict, ...ofRun(parts, state) } });
    }
    if (state.run.stage === 'decided') {
      const refused = await requestWantedBuilds(parts.nats, await orderOf(parts, state), state.run.builds);
      state = await say(parts, stream, { type: 'CompleteDelivery', data: { refused, ...ofRun(parts, state) } });
    }
    return state;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'STORE_UNAVAILABLE') throw error;
    return say(parts, stream, { type: 'DelayDelivery', data: { why: error.code, ...ofRun(parts, state) } });
  }
}

/** @throws DELIVERY_NOT_FOUND */
export async function loadDelivery(store: EventStore, stream: string): Promise<Received> {
  const { state } = await loadState({ store, decider: delivery, codec: deliveryCodec }, stream);
  if (state.phase === 'absent') throw new AppError('DELIVERY_NOT_FOUND');
  return state;
}

/** Changes nothing. @throws SERVICE_UNAVAILABLE when the code host that is to be asked does not answer */
export async function judge({ store, readRefs, signal }: SettleParts, { received, run }: Received): Promise<Verdict> {
  if (received.note !== null) return { builds: [], skipped: [skippedRef(null, received.note)] };
  const present = await repositoryOf(store, received);
  if (!present) return { builds: [], skipped: [skippedRef(null, 'REPOSITORY_GONE')] };
  const { changes, skipped: unconfirmed } = received.mustConfirm
    ? await confirmRefs(readRefs, { repository: present, changes: received.changes }, signal)
    : { changes: received.changes, skipped: [] };
  const { builds, skipped } = wantedBuilds(changes, present.tagConfigs);
  const idOf = ({ refType, refName, tagConfigId }: WantedBuild): string =>
    uuidV5(`delivery/${run.runId}/${refType}/${refName}/${tagConfigId}`);
  return {
    builds: builds.map((build) => ({ ...build, buildId: idOf(build) })),
    skipped: [...unconfirmed, ...skipped],
  };
}

/** The one whose webhook it came by; undefined: it is gone, and another may have its name. */
async function repositoryOf(
  store: EventStore,
  { namespace, repoName, configId }: Received['received'],
): Promise<PresentRepository | undefined> {
  const parts = { store, decider: repository, codec: repositoryCodec };
  const { state } = await loadState(parts, streams.repository(namespace, repoName));
  return state.phase === 'present' && state.configId === configId ? state : undefined;
}

/** Builds of a push are those of whoever the image repository belongs to: nobody else asked. */
async function orderOf({ store }: SettleParts, { received, run }: Received) {
  const { namespace, repoName, deliveryId } = received;
  const present = await repositoryOf(store, received);
  return {
    namespace,
    repoName,
    by: present?.createdBy ?? namespace,
    trigger: { kind: 'webhook' as const, deliveryId },
    correlationId: run.runId,
  };
}

const ofRun = ({ clock }: SettleParts, { run: { runId } }: Received) => ({ runId, at: clock.now() });

async function say({ store }: SettleParts, stream: string, command: DeliveryCommand): Promise<Received> {
  const context = {
    commandId: randomUUID(), // what is said twice decides nothing
    at: command.data.at,
    actor: ACTOR,
    correlationId: command.data.runId,
  };
  const { state } = await commandHandler(store, delivery, deliveryCodec)(stream, command, context);
  if (state.phase === 'absent') throw new AppError('DELIVERY_NOT_FOUND');
  return state;
}
