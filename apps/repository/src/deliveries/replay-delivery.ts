import {
  commandEnvelope,
  ReplayDeliveryCommand,
  streams,
  type DeliveryEvent,
  type DeliveryReply,
} from '@slipway/contracts';
import { delivery } from '@slipway/domain';
import { commandHandler, deliveryCodec } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf } from '../repositories/reply.js';
import { replyWithDelivery, settleForAnswer, type ReceiveParts } from './receive-delivery.js';
import { judge, loadDelivery, type SettleParts } from './settle-delivery.js';

export const ReplayDeliveryMessage = commandEnvelope(ReplayDeliveryCommand);
export type ReplayDeliveryMessage = z.infer<typeof ReplayDeliveryMessage>;

/**
 * Answers `cmd.delivery.replay`: looks at a delivery as if it came now. A dry run stores nothing: its
 * answer has the events that would be.
 * Safe to run twice. @throws DELIVERY_NOT_FOUND, DELIVERY_UNFINISHED, STORE_UNAVAILABLE; a dry run SERVICE_UNAVAILABLE
 */
export function replayDeliveryHandler(
  parts: SettleParts & Pick<ReceiveParts, 'settle' | 'logger'>,
): (message: ReplayDeliveryMessage) => Promise<DeliveryReply> {
  const { store, clock } = parts;
  const handle = commandHandler(store, delivery, deliveryCodec);
  return async ({ command: { namespace, repo_name: repoName, code, deliveryId, dryRun }, ...sender }) => {
    const stream = streams.delivery(code, deliveryId);
    const state = await loadDelivery(store, stream);
    if (state.received.namespace !== namespace || state.received.repoName !== repoName)
      throw new AppError('DELIVERY_NOT_FOUND', { delivery_id: deliveryId });
    const [runId, at] = [sender.commandId, clock.now()];
    if (dryRun) {
      const verdict = await judge(parts, { ...state, run: { ...state.run, runId } });
      const command = { type: 'DecideDelivery' as const, data: { ...verdict, runId, at } };
      const replayed: DeliveryEvent = { type: 'DeliveryReplayed', data: { runId, by: sender.actor, at } };
      const open = delivery.evolve(state, replayed);
      const stored = await replyWithDelivery(store, stream);
      const events = [replayed, ...delivery.decide(command, open)].map((event) => ({
        event,
        position: stored.position,
      }));
      return { ...stored, events: [...stored.events, ...events] };
    }
    await handle(stream, { type: 'ReplayDelivery', data: { runId, by: sender.actor, at } }, contextOf(sender, at));
    await settleForAnswer(parts, stream);
    return replyWithDelivery(store, stream);
  };
}
