import type { KeyObject } from 'node:crypto';
import {
  commandEnvelope,
  CreateRepositoryCommand,
  streams,
  type CodeHostName,
  type CodeSource,
  type CommandReply,
  type CreateRepositoryBody,
} from '@slipway/contracts';
import { repository, type CodeHosts, type CreateRepository } from '@slipway/domain';
import { commandHandler, repositoryCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { makeDeployKey, type DeployKeyType } from '../deploy-keys/deploy-key.js';
import { seal } from '../deploy-keys/seal.js';
import { newWebhookCode, reserveWebhook } from '../deliveries/webhook-code.js';
import type { IdSequence } from '../sequences/id-sequence.js';
import { ensureNamespace } from '../namespaces/claim-namespace.js';
import { contextOf, replyWith } from './reply.js';
import { toTagConfig } from './tag-config.js';

export const CreateRepositoryMessage = commandEnvelope(CreateRepositoryCommand);
export type CreateRepositoryMessage = z.infer<typeof CreateRepositoryMessage>;

export interface CreateRepositoryParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly hosts: CodeHosts;
  readonly secretKey: KeyObject;
  readonly keyTypeOf: (client: CodeHostName) => DeployKeyType;
  readonly configIds: IdSequence;
  readonly tagConfigIds: IdSequence;
}

/**
 * Answers `cmd.repository.create`. Safe to run twice: the second time finds the repository and answers with its events.
 * A namespace that is not there yet becomes an organisation, whose first administrator is whoever asks.
 * @throws REPOSITORY_EXISTS, CODE_HOST_CLOSED, STORE_UNAVAILABLE
 */
export function createRepositoryHandler(
  parts: CreateRepositoryParts,
): (message: CreateRepositoryMessage) => Promise<CommandReply> {
  const handle = commandHandler(parts.store, repository, repositoryCodec);
  return async ({ command, ...sender }) => {
    const stream = streams.repository(command.namespace, command.body.repo_name);
    const decided = await toCommand(command, sender.actor, parts);
    const context = contextOf(sender, decided.data.at);
    if (decided.data.webhookCode !== undefined) await reserveWebhook(parts.store, decided.data, context);
    await ensureNamespace(parts.store, { name: command.namespace, by: sender.actor }, context);
    await handle(stream, decided, context);
    return replyWith(parts.store, stream);
  };
}

async function toCommand(
  { namespace, body }: CreateRepositoryCommand,
  actor: string,
  { clock, hosts, secretKey, keyTypeOf, configIds, tagConfigIds }: CreateRepositoryParts,
): Promise<CreateRepository> {
  const { build_config: config } = body;
  const { publicKey, privateKey } = await makeDeployKey(
    `slipway:${namespace}/${body.repo_name}`,
    keyTypeOf(config.code_repo_client),
  );
  const webhookCode = config.tag_configs.some(({ is_active: isActive }) => isActive) ? newWebhookCode() : undefined;
  const tagConfigs = await Promise.all(
    config.tag_configs.map(async (fields) => toTagConfig(await tagConfigIds.next(), fields)),
  );
  return {
    type: 'CreateRepository',
    data: {
      namespace,
      repoName: body.repo_name,
      description: body.description,
      fullDescription: body.full_description,
      isPublic: body.is_public,
      createdBy: actor,
      configId: await configIds.next(),
      source: sourceOf(config),
      buildNode: config.build_node,
      agentLabels: config.agent_labels,
      emailEnabled: config.email_enabled,
      reconcileIntervalS: config.reconcile_interval,
      tagConfigs,
      publicKey,
      privateKey: seal(privateKey, publicKey, secretKey),
      hosts,
      ...(webhookCode !== undefined && { webhookCode }),
      at: clock.now(),
    },
  };
}

type ConfigFields = CreateRepositoryBody['build_config'];

function sourceOf(config: ConfigFields): CodeSource {
  if (config.code_repo_client === 'Simple') return { client: 'Simple', cloneUrl: config.code_repo_clone_url };
  return { client: config.code_repo_client, namespace: config.code_repo_namespace, name: config.code_repo_name };
}
