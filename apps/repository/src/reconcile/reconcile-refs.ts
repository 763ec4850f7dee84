import { createHash, randomUUID } from 'node:crypto';
import { streams, type ObservedRef, type RefChange } from '@slipway/contracts';
import {
  fullRefName,
  delivery,
  observedRefs,
  repository,
  wantedBuilds,
  type ObservedRefs,
  type PresentRepository,
} from '@slipway/domain';
import type { RemoteRefEntry } from '@slipway/git';
import {
  commandHandler,
  deliveryCodec,
  loadState,
  refsCodec,
  repositoryCodec,
  uuidV5,
  type EventStore,
} from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { ReadRefs } from '../deliveries/confirm-refs.js';
import { RECONCILER } from '../deliveries/take-delivery.js';

const ACTOR = 'service:repository';
const LIMIT_MS = 30_000;
/** Refs that tag configs are for; what is known of them is one event. */
const MAX_REFS = 4_000;

export interface ReconcileParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly readRefs: ReadRefs;
}

/** What a look found. */
export interface Look {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** It only wrote down what is there. */
  readonly isFirst: boolean;
  /** Event stream of the delivery that the finding became; undefined: nothing new was found. */
  readonly delivery: string | undefined;
}

/** Pushes to it mean something: a tag config is active, and builds may start. */
export const isComparable = ({ webhook, tagConfigs, deletionId }: PresentRepository): boolean =>
  webhook !== null && deletionId === null && tagConfigs.some(({ isActive }) => isActive);

/**
 * Compares the branches and tags of a repository with what was told of them. What nobody told of becomes a delivery,
 * which goes on as any other. Safe to run twice, at once, and again after a crash: a finding has one delivery, and a
 * delivery one build of each ref.
 * @throws SourceFailure; REFS_NOT_COMPARED; STORE_UNAVAILABLE; the signal's reason
 */
export async function reconcileRefs(
  parts: ReconcileParts,
  { namespace, repoName }: { readonly namespace: string; readonly repoName: string },
  signal: AbortSignal,
): Promise<void> {
  const loading = { store: parts.store, decider: repository, codec: repositoryCodec };
  const { state: present } = await loadState(loading, streams.repository(namespace, repoName));
  if (present.phase !== 'present' || !isComparable(present)) return;
  await compareRefs(parts, present, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
}

/** One look at a repository that is comparable. @throws as `reconcileRefs` */
export async function compareRefs(
  { store, clock, readRefs }: ReconcileParts,
  present: PresentRepository,
  signal: AbortSignal,
): Promise<Look> {
  const refs = wantedRefs(await readRefs(present, signal), present);
  if (refs.length > MAX_REFS)
    throw new AppError('REFS_NOT_COMPARED', { reason: `${refs.length} refs are more than ${MAX_REFS}` });

  const { configId, configChanges } = present;
  const at = clock.now();
  const context = { commandId: randomUUID(), at, actor: ACTOR, correlationId: randomUUID() };
  const command = { type: 'ObserveRefs' as const, data: { configId, configChanges, refs, at } };
  const handle = commandHandler(store, observedRefs, refsCodec);
  const { state, events } = await handle(streams.refs(configId), command, context);
  const told = await tell(store, present, { state, at });
  const hasFound = events.some(({ type, data }) => type === 'RefsObserved' && data.found.length > 0);
  return { at, isFirst: events.length > 0 && !hasFound, delivery: hasFound ? told : undefined };
}

/** Those for which a tag config is. */
function wantedRefs(entries: readonly RemoteRefEntry[], { tagConfigs }: PresentRepository): readonly ObservedRef[] {
  const { builds } = wantedBuilds(entries.map(changeOf), tagConfigs);
  const refs = builds.map((build): [string, ObservedRef] => {
    const name = fullRefName(build);
    return [name, { name, commit: build.commit }];
  });
  return [...new Map(refs).values()];
}

function changeOf({ name, commit }: ObservedRef): RefChange {
  const [, kind, refName] = /^refs\/(heads|tags)\/(.+)$/.exec(name) ?? [];
  if (refName === undefined) return { refType: null, refName: name, commit };
  return { refType: kind === 'heads' ? 'branch' : 'tag', refName, commit };
}

/** Of what was found last: said again at each look, should whoever found it have died before. Answers its stream. */
async function tell(
  store: EventStore,
  { namespace, repoName, configId, source: { client }, webhook }: PresentRepository,
  { state, at }: { readonly state: ObservedRefs; readonly at: string },
): Promise<string | undefined> {
  if (state.phase === 'absent' || state.found.length === 0 || !webhook) return undefined;
  const { code } = webhook;
  const deliveryId = `${RECONCILER}.${state.foundAt}`;
  const runId = uuidV5(`${RECONCILER}/${configId}/${state.foundAt}`); // also under another code the same builds
  const digest = createHash('sha256').update(JSON.stringify(state.found)).digest('hex');
  const told = { event: RECONCILER, digest, changes: state.found.map(changeOf), note: null, mustConfirm: false };
  const data = { code, namespace, repoName, configId, client, deliveryId, runId, ...told, at };
  const context = { commandId: runId, at, actor: ACTOR, correlationId: runId };
  const command = { type: 'ReceiveDelivery' as const, data };
  const stream = streams.delivery(code, deliveryId);
  await commandHandler(store, delivery, deliveryCodec)(stream, command, context);
  return stream;
}
