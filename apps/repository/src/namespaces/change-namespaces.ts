import {
  commandEnvelope,
  CreateNamespaceCommand,
  GiveRoleCommand,
  RemoveMemberCommand,
  SetQuotaCommand,
  streams,
  UpdateNamespaceCommand,
  type CommandReply,
} from '@slipway/contracts';
import { namespace, user, type NamespaceCommand } from '@slipway/domain';
import { commandHandler, loadState, namespaceCodec, userCodec, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, replyWithShown, type Sender } from '../repositories/reply.js';

export const CreateNamespaceMessage = commandEnvelope(CreateNamespaceCommand);
export type CreateNamespaceMessage = z.infer<typeof CreateNamespaceMessage>;

export const UpdateNamespaceMessage = commandEnvelope(UpdateNamespaceCommand);
export type UpdateNamespaceMessage = z.infer<typeof UpdateNamespaceMessage>;

export const GiveRoleMessage = commandEnvelope(GiveRoleCommand);
export type GiveRoleMessage = z.infer<typeof GiveRoleMessage>;

export const RemoveMemberMessage = commandEnvelope(RemoveMemberCommand);
export type RemoveMemberMessage = z.infer<typeof RemoveMemberMessage>;

export const SetQuotaMessage = commandEnvelope(SetQuotaCommand);
export type SetQuotaMessage = z.infer<typeof SetQuotaMessage>;

/** Every answer holds all events of the namespace. Safe to run twice. */
export interface NamespaceDesk {
  /** An organisation. @throws NAMESPACE_EXISTS, STORE_UNAVAILABLE */
  readonly create: (message: CreateNamespaceMessage) => Promise<CommandReply>;
  /** @throws NAMESPACE_NOT_FOUND, STORE_UNAVAILABLE */
  readonly update: (message: UpdateNamespaceMessage) => Promise<CommandReply>;
  /** @throws NAMESPACE_NOT_FOUND, USER_NOT_FOUND, LAST_ADMIN, STORE_UNAVAILABLE */
  readonly giveRole: (message: GiveRoleMessage) => Promise<CommandReply>;
  /** @throws NAMESPACE_NOT_FOUND, MEMBER_NOT_FOUND, LAST_ADMIN, STORE_UNAVAILABLE */
  readonly removeMember: (message: RemoveMemberMessage) => Promise<CommandReply>;
  /** @throws NAMESPACE_NOT_FOUND, STORE_UNAVAILABLE */
  readonly setQuota: (message: SetQuotaMessage) => Promise<CommandReply>;
}

export function namespaceDesk({ store, clock }: { readonly store: EventStore; readonly clock: Clock }): NamespaceDesk {
  const handle = commandHandler(store, namespace, namespaceCodec);
  const say = async (command: NamespaceCommand, sender: Sender): Promise<CommandReply> => {
    const stream = streams.namespace(command.data.namespace);
    await handle(stream, command, contextOf(sender, command.data.at));
    return replyWithShown(store, stream, namespaceCodec.decode);
  };
  return {
    create: ({ command: { name, description }, ...sender }) => {
      const data = { namespace: name, description, by: sender.actor, at: clock.now() };
      return say({ type: 'CreateOrganisation', data }, sender);
    },
    update: ({ command: { namespace: name, body }, ...sender }) => {
      const data = { namespace: name, description: body.description, by: sender.actor, at: clock.now() };
      return say({ type: 'DescribeNamespace', data }, sender);
    },
    giveRole: async ({ command: { namespace: name, username, body }, ...sender }) => {
      await assertUser(store, username);
      const data = { namespace: name, username, role: body.role, by: sender.actor, at: clock.now() };
      return say({ type: 'GiveRole', data }, sender);
    },
    removeMember: ({ command: { namespace: name, username }, ...sender }) => {
      const data = { namespace: name, username, by: sender.actor, at: clock.now() };
      return say({ type: 'RemoveMember', data }, sender);
    },
    setQuota: ({ command: { namespace: name, body }, ...sender }) => {
      const quota = {
        queuedBuilds: body.queued_builds,
        runningBuilds: body.running_builds,
        buildMinutes: body.build_minutes,
        logBytes: body.log_bytes,
      };
      return say({ type: 'SetQuota', data: { namespace: name, quota, by: sender.actor, at: clock.now() } }, sender);
    },
  };
}

/** Users stay for good, so who is one now is one when the role is given. @throws USER_NOT_FOUND */
async function assertUser(store: EventStore, username: string): Promise<void> {
  const { state } = await loadState({ store, decider: user, codec: userCodec }, streams.user(username));
  if (state.phase === 'absent') throw new AppError('USER_NOT_FOUND', { username });
}
