import {
  commandEnvelope,
  CreateRobotCommand,
  RemoveRobotCommand,
  streams,
  type CommandReply,
} from '@slipway/contracts';
import { robots, type RobotCommand } from '@slipway/domain';
import { commandHandler, robotCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, replyWithShown, type Sender } from '../repositories/reply.js';
import { expiryOf } from './token-desk.js';

export const CreateRobotMessage = commandEnvelope(CreateRobotCommand);
export type CreateRobotMessage = z.infer<typeof CreateRobotMessage>;

export const RemoveRobotMessage = commandEnvelope(RemoveRobotCommand);
export type RemoveRobotMessage = z.infer<typeof RemoveRobotMessage>;

/** Safe to run twice. */
export interface RobotDesk {
  /** Answers with that one event. @throws ROBOT_EXISTS, ROBOT_LIMIT_REACHED, STORE_UNAVAILABLE */
  readonly create: (message: CreateRobotMessage) => Promise<CommandReply>;
  /** @throws ROBOT_NOT_FOUND, STORE_UNAVAILABLE */
  readonly remove: (message: RemoveRobotMessage) => Promise<CommandReply>;
}

export function robotDesk({ store, clock }: { readonly store: EventStore; readonly clock: Clock }): RobotDesk {
  const handle = commandHandler(store, robots, robotCodec);
  const say = (command: RobotCommand, sender: Sender): Promise<unknown> =>
    handle(streams.robots(command.data.namespace), command, contextOf(sender, command.data.at));
  return {
    create: async ({ command: { namespace, body, tokenHash }, ...sender }) => {
      const { name: label, role } = body;
      const [at, tokenId] = [clock.now(), sender.commandId];
      const data = { namespace, label, role, tokenId, tokenHash, ...expiryOf(body, at), by: sender.actor, at };
      await say({ type: 'CreateRobot', data }, sender);
      return replyWithShown(store, streams.robots(namespace), (stored) => {
        const event = robotCodec.decode(stored);
        return event?.type === 'RobotCreated' && event.data.tokenId === tokenId ? event : undefined;
      });
    },
    remove: async ({ command: { namespace, label }, ...sender }) => {
      await say({ type: 'RemoveRobot', data: { namespace, label, by: sender.actor, at: clock.now() } }, sender);
      return replyWithShown(store, streams.robots(namespace), () => undefined);
    },
  };
}
