import { commandEnvelope, ReplayHookDeliveryCommand, streams, type CommandReply } from '@slipway/contracts';
import { notification } from '@slipway/domain';
import { commandHandler, notificationCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, replyWithShown } from '../repositories/reply.js';

export const ReplayHookDeliveryMessage = commandEnvelope(ReplayHookDeliveryCommand);
export type ReplayHookDeliveryMessage = z.infer<typeof ReplayHookDeliveryMessage>;

/**
 * Answers `cmd.hook.replay`: the notifier follows the event. Safe to run twice.
 * @throws HOOK_DELIVERY_NOT_FOUND, HOOK_DELIVERY_PENDING, STORE_UNAVAILABLE
 */
export function replayDeliveryHandler({
  store,
  clock,
}: {
  readonly store: EventStore;
  readonly clock: Clock;
}): (message: ReplayHookDeliveryMessage) => Promise<CommandReply> {
  const handle = commandHandler(store, notification, notificationCodec);
  return async ({ command: { namespace, hookId, deliveryId: notificationId }, ...sender }) => {
    const at = clock.now();
    const stream = streams.notification(notificationId);
    const data = { notificationId, namespace, hookId, by: sender.actor, at };
    await handle(stream, { type: 'Replay', data }, contextOf(sender, at));
    return replyWithShown(store, stream, notificationCodec.decode);
  };
}
