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
import type { Clock } from '@slipway/kernel';
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

/** What tag configs make of pushes to it is asked of the code host, and nothing else is. */
export const isReconciled = ({ source, webhook, tagConfigs, deletionId }: PresentRepository): boolean =>
  source.client !== 'Simple' && webhook !== null && deletionId === null && tagConfigs.some(({ isActive }) => isActive);

/**
 * Compares the branches and tags of a repository with what was told of them. What nobody told of becomes a delivery,
 * which goes on as any other. Safe to run twice, at once, and again after a crash: a finding has one delivery, and a
 * delivery one build of each ref.
 * @throws SourceFailure; STORE_UNAVAILABLE; the signal's reason
 */
export async function reconcileRefs(
  { store, clock, readRefs }: ReconcileParts,
  { namespace, repoName }: { readonly namespace: string; readonly repoName: string },
  signal: AbortSignal,
): Promise<void> {
  const parts = { store, decider: repository, codec: repositoryCodec };
  const { state: present } = await loadState(parts, streams.repository(namespace, repoName));
  if (present.phase !== 'present' || !isReconciled(present)) return;
  const entries = await readRefs(present, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
  const refs = wantedRefs(entries, present);
  if (refs.length > MAX_REFS) throw new RangeError(`${refs.length} refs are more than ${MAX_REFS}`);

  const { configId, configChanges } = present;
  const at = clock.now();
  const context = { commandId: randomUUID(), at, actor: ACTOR, correlationId: randomUUID() };
  const command = { type: 'ObserveRefs' as const, data: { configId, configChanges, refs, at } };
  const { state } = await commandHandler(store, observedRefs, refsCodec)(streams.refs(configId), command, context);
  await tell(store, present, { state, at });
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

/** Of what was found last: said again at each look, should whoever found it have died before. */
async function tell(
  store: EventStore,
  { namespace, repoName, configId, source: { client }, webhook }: PresentRepository,
  { state, at }: { readonly state: ObservedRefs; readonly at: string },
): Promise<void> {
  if (state.phase === 'absent' || state.found.length === 0 || !webhook) return;
  const { code } = webhook;
  const deliveryId = `${RECONCILER}.${state.foundAt}`;
  const runId = uuidV5(`${RECONCILER}/${configId}/${state.foundAt}`); // also under another code the same builds
  const digest = createHash('sha256').update(JSON.stringify(state.found)).digest('hex');
  const told = { event: RECONCILER, digest, changes: state.found.map(changeOf), note: null, mustConfirm: false };
  const data = { code, namespace, repoName, configId, client, deliveryId, runId, ...told, at };
  const context = { commandId: runId, at, actor: ACTOR, correlationId: runId };
  const command = { type: 'ReceiveDelivery' as const, data };
  await commandHandler(store, delivery, deliveryCodec)(streams.delivery(code, deliveryId), command, context);
}
