import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandEnvelope,
  commandSubjects,
  CreateNamespaceCommand,
  GiveRoleCommand,
  RemoveMemberCommand,
  SetQuotaCommand,
  streams,
  UpdateNamespaceCommand,
  type CommandReply,
  type Role,
} from '@slipway/contracts';
import { namespace, type NamespaceCommand } from '@slipway/domain';
import { commandHandler, namespaceCodec, robotCodec, type EventStore } from '@slipway/event-store';
import { serve } from '@slipway/messaging';
import { makeToken, tokenHashOf } from '@slipway/platform';
import { replyWith, rethrow } from './commands.fixtures.js';
import { append, at } from './told.fixtures.js';

const common = { queue: 'repository', onError: rethrow };

/** Answers the commands about namespaces by the domain's own rules. */
export function serveNamespaces({ nats, store }: { readonly nats: NatsConnection; readonly store: EventStore }): void {
  const handler = commandHandler(store, namespace, namespaceCodec);
  const decide = async (command: NamespaceCommand, commandId: string): Promise<CommandReply> => {
    const stream = streams.namespace(command.data.namespace);
    await handler(stream, command, { commandId, at, actor: 'user:test', correlationId: commandId });
    return replyWith(store, namespaceCodec, stream);
  };
  serve(nats, {
    ...common,
    subject: commandSubjects.createNamespace,
    schema: commandEnvelope(CreateNamespaceCommand),
    handle: ({ commandId, actor: by, command: { name, description } }) =>
      decide({ type: 'CreateOrganisation', data: { namespace: name, description, by, at } }, commandId),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.updateNamespace,
    schema: commandEnvelope(UpdateNamespaceCommand),
    handle: ({ commandId, actor: by, command: { body, ...named } }) =>
      decide({ type: 'DescribeNamespace', data: { ...named, ...body, by, at } }, commandId),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.giveRole,
    schema: commandEnvelope(GiveRoleCommand),
    handle: ({ commandId, actor: by, command: { body, ...named } }) =>
      decide({ type: 'GiveRole', data: { ...named, ...body, by, at } }, commandId),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.removeMember,
    schema: commandEnvelope(RemoveMemberCommand),
    handle: ({ commandId, actor: by, command }) =>
      decide({ type: 'RemoveMember', data: { ...command, by, at } }, commandId),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.setQuota,
    schema: commandEnvelope(SetQuotaCommand),
    handle: ({ commandId, actor: by, command: { namespace: name, body } }) => {
      const { queued_builds, running_builds, build_minutes, log_bytes } = body;
      const quota = {
        queuedBuilds: queued_builds,
        runningBuilds: running_builds,
        buildMinutes: build_minutes,
        logBytes: log_bytes,
      };
      return decide({ type: 'SetQuota', data: { namespace: name, quota, by, at } }, commandId);
    },
  });
}

/** An organisation with these members. */
export function tellOrganisation(
  store: EventStore,
  name: string,
  members: Readonly<Record<string, Role>>,
): Promise<void> {
  const named = { namespace: name, by: 'root', at };
  return append(store, namespaceCodec, streams.namespace(name), [
    { type: 'NamespaceCreated', data: { ...named, kind: 'organisation', description: '' } },
    ...Object.entries(members).map(([username, role]) => ({
      type: 'RoleGiven' as const,
      data: { ...named, username, role },
    })),
  ]);
}

/** A robot of a namespace; answers its token. */
export async function tellRobot(store: EventStore, namespace: string, role: Role): Promise<string> {
  const token = makeToken('robot');
  const made = { tokenId: randomUUID(), tokenHash: tokenHashOf(token), by: 'root', at };
  const data = { namespace, label: 'ci', role, ...made };
  await append(store, robotCodec, streams.robots(namespace), [{ type: 'RobotCreated', data }]);
  return token;
}
