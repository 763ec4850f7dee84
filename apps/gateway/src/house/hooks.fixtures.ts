import type { NatsConnection } from '@nats-io/transport-node';
import {
  AddHookCommand,
  ChangeHookCommand,
  commandEnvelope,
  commandSubjects,
  RemoveHookCommand,
  ReplayHookDeliveryCommand,
  streams,
  type CommandReply,
  type HookBody,
} from '@slipway/contracts';
import { hooks, notification, type HookCommand } from '@slipway/domain';
import { commandHandler, hookCodec, notificationCodec, type EventStore } from '@slipway/event-store';
import { serve } from '@slipway/messaging';
import { replyWith, rethrow } from './commands.fixtures.js';
import { at } from './told.fixtures.js';

const secret = { keyId: '00000000', iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VjcmV0' };
const common = { queue: 'repository', onError: rethrow };

/** Answers the commands about hooks by the domain's own rules. `onSecret`: what the service would seal. */
export function serveHooks(
  { nats, store }: { readonly nats: NatsConnection; readonly store: EventStore },
  onSecret: (secret: string) => void,
): void {
  const decideHooks = commandHandler(store, hooks, hookCodec);
  const decide = async (command: HookCommand, commandId: string): Promise<CommandReply> => {
    const stream = streams.hooks(command.data.namespace);
    await decideHooks(stream, command, { commandId, at, actor: 'user:test', correlationId: commandId });
    return replyWith(store, hookCodec, stream);
  };
  const targetOf = ({ url, events, is_active: isActive }: HookBody) => ({ url, topics: events, isActive });

  serve(nats, {
    ...common,
    subject: commandSubjects.addHook,
    schema: commandEnvelope(AddHookCommand),
    handle: ({ commandId, actor: by, command: { body, secret: plain, ...named } }) => {
      onSecret(plain);
      return decide({ type: 'AddHook', data: { ...named, ...targetOf(body), secret, by, at } }, commandId);
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.changeHook,
    schema: commandEnvelope(ChangeHookCommand),
    handle: ({ commandId, actor: by, command: { body, ...named } }) =>
      decide({ type: 'ChangeHook', data: { ...named, ...targetOf(body), by, at } }, commandId),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.removeHook,
    schema: commandEnvelope(RemoveHookCommand),
    handle: ({ commandId, actor: by, command }) =>
      decide({ type: 'RemoveHook', data: { ...command, by, at } }, commandId),
  });
  const decideNotification = commandHandler(store, notification, notificationCodec);
  serve(nats, {
    ...common,
    subject: commandSubjects.replayHookDelivery,
    schema: commandEnvelope(ReplayHookDeliveryCommand),
    handle: async ({ commandId, actor: by, command: { deliveryId: notificationId, ...named } }) => {
      const stream = streams.notification(notificationId);
      const context = { commandId, at, actor: 'user:test', correlationId: commandId };
      await decideNotification(stream, { type: 'Replay', data: { notificationId, ...named, by, at } }, context);
      return replyWith(store, notificationCodec, stream);
    },
  });
}
