import { commandEnvelope, ReconcileCommand, streams, type ReconcileReply } from '@slipway/contracts';
import { repository, type PresentRepository } from '@slipway/domain';
import { loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import { SourceFailure } from '@slipway/git';
import { AppError } from '@slipway/kernel';
import type { z } from 'zod';
import { isPassing } from '../deliveries/confirm-refs.js';
import { replyWithDelivery, settleForAnswer, type ReceiveParts } from '../deliveries/receive-delivery.js';
import { compareRefs, isComparable, type Look, type ReconcileParts } from './reconcile-refs.js';

export const ReconcileMessage = commandEnvelope(ReconcileCommand);
export type ReconcileMessage = z.infer<typeof ReconcileMessage>;

type CheckParts = ReconcileParts & Pick<ReceiveParts, 'settle' | 'logger' | 'signal'>;

/** How long a code host may take, ms: whoever asks waits for the answer. */
const LIMIT_MS = 10_000;

/**
 * Answers `cmd.repository.reconcile`: looks now, also where nobody looks by himself. Safe to run twice, and at once: a
 * finding has one delivery.
 * @throws REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING, REFS_NOT_COMPARED, CODE_HOST_REFUSED, SERVICE_UNAVAILABLE while the
 * code host does not answer, STORE_UNAVAILABLE
 */
export function checkNowHandler(parts: CheckParts): (message: ReconcileMessage) => Promise<ReconcileReply> {
  return async ({ command: { namespace, repo_name: repoName } }) => {
    const present = await comparable(parts.store, { namespace, repoName });
    const { at: checkedAt, isFirst, delivery } = await lookNow(parts, present);
    if (delivery === undefined) return { events: [], position: 0, checkedAt, isFirst };
    await settleForAnswer(parts, delivery);
    return { ...(await replyWithDelivery(parts.store, delivery)), checkedAt, isFirst };
  };
}

async function comparable(
  store: EventStore,
  { namespace, repoName }: { readonly namespace: string; readonly repoName: string },
): Promise<PresentRepository> {
  const loading = { store, decider: repository, codec: repositoryCodec };
  const { state } = await loadState(loading, streams.repository(namespace, repoName));
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (state.deletionId !== null) throw new AppError('REPOSITORY_CLOSING', { namespace, repo_name: repoName });
  if (!isComparable(state)) throw new AppError('REFS_NOT_COMPARED', { reason: 'no tag config is active' });
  return state;
}

async function lookNow(parts: CheckParts, present: PresentRepository): Promise<Look> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    return await compareRefs(parts, present, AbortSignal.any([parts.signal, limit]));
  } catch (error) {
    if (limit.aborted || (error instanceof SourceFailure && isPassing(error)))
      throw new AppError('SERVICE_UNAVAILABLE', { reason: 'the code host does not answer' }, { cause: error });
    if (error instanceof SourceFailure)
      throw new AppError('CODE_HOST_REFUSED', { reason: error.message }, { cause: error });
    throw error;
  }
}
