import { randomUUID } from 'node:crypto';
import { streams } from '@slipway/contracts';
import { fullRefName, isFound, observedRefs, skippedRef, type Delivery } from '@slipway/domain';
import { commandHandler, refsCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { Verdict } from './settle-delivery.js';

/** The event of a delivery that no code host sent; no code host gives a delivery such an id. */
export const RECONCILER = 'reconciler';

/**
 * Writes down where a delivery says that refs are, against those who compare: of both, the first to say it has the
 * build. What was found before is left out. A replay is wanted whatever was before. Safe to repeat.
 */
export async function takeDelivery(
  { store, clock }: { readonly store: EventStore; readonly clock: Clock },
  { received, run }: Extract<Delivery, { phase: 'received' }>,
  verdict: Verdict,
): Promise<Verdict> {
  if (received.event === RECONCILER || run.runId !== received.runId || verdict.builds.length === 0) return verdict;
  const { configId } = received;
  const refOf = (build: Verdict['builds'][number]) => ({ name: fullRefName(build), commit: build.commit });
  const at = clock.now();
  const refs = [...new Map(verdict.builds.map((build) => [fullRefName(build), refOf(build)])).values()];
  const context = { commandId: randomUUID(), at, actor: 'service:repository', correlationId: run.runId };
  const command = { type: 'TakeDelivery' as const, data: { configId, refs, at } };
  const { state } = await commandHandler(store, observedRefs, refsCodec)(streams.refs(configId), command, context);
  const late = verdict.builds.filter((build) => isFound(state, refOf(build)));
  return {
    builds: verdict.builds.filter((build) => !late.includes(build)),
    skipped: [
      ...verdict.skipped,
      ...late.map((build) => ({ ...skippedRef(build, 'ALREADY_FOUND'), tagConfigId: build.tagConfigId })),
    ],
  };
}
