import {
  ChangeBuildConfigCommand,
  commandEnvelope,
  streams,
  UpdateRepositoryCommand,
  type CommandReply,
} from '@slipway/contracts';
import { repository, type TagConfigChange } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { newWebhookCode, reserveWebhook } from '../deliveries/webhook-code.js';
import type { IdSequence } from '../sequences/id-sequence.js';
import { contextOf, replyWith } from './reply.js';
import { toTagConfig } from './tag-config.js';

export const UpdateRepositoryMessage = commandEnvelope(UpdateRepositoryCommand);
export type UpdateRepositoryMessage = z.infer<typeof UpdateRepositoryMessage>;

export const ChangeBuildConfigMessage = commandEnvelope(ChangeBuildConfigCommand);
export type ChangeBuildConfigMessage = z.infer<typeof ChangeBuildConfigMessage>;

export interface ChangeParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly tagConfigIds: IdSequence;
}

/**
 * Answers `cmd.repository.update`. Safe to run twice.
 * @throws REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING, STORE_UNAVAILABLE
 */
export function updateRepositoryHandler({
  store,
  clock,
}: Pick<ChangeParts, 'store' | 'clock'>): (message: UpdateRepositoryMessage) => Promise<CommandReply> {
  const handle = commandHandler(store, repository, repositoryCodec);
  return async ({ command: { namespace, repo_name: repoName, body }, ...sender }) => {
    const stream = streams.repository(namespace, repoName);
    const at = clock.now();
    const { description, full_description: fullDescription, is_public: isPublic } = body;
    const data = { namespace, repoName, by: sender.actor, at, description, fullDescription, isPublic };
    await handle(stream, { type: 'DescribeRepository', data }, contextOf(sender, at));
    return replyWith(store, stream);
  };
}

/**
 * Answers `cmd.repository.configure`. Safe to run twice. Whether the asker has seen the build config as it is, is
 * decided on the events.
 * @throws REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING, BUILD_CONFIG_CHANGED, TAG_CONFIG_UNKNOWN, STORE_UNAVAILABLE
 */
export function changeBuildConfigHandler({
  store,
  clock,
  tagConfigIds,
}: ChangeParts): (message: ChangeBuildConfigMessage) => Promise<CommandReply> {
  const handle = commandHandler(store, repository, repositoryCodec);
  return async ({ command: { namespace, repo_name: repoName, body, ifMatch }, ...sender }) => {
    const stream = streams.repository(namespace, repoName);
    const tagConfigs = await Promise.all(body.tag_configs.map((fields) => toChange(fields, tagConfigIds)));
    const at = clock.now();
    const data = {
      namespace,
      repoName,
      by: sender.actor,
      at,
      ifMatch: ifMatch ?? undefined,
      buildNode: body.build_node,
      agentLabels: body.agent_labels,
      emailEnabled: body.email_enabled,
      reconcileIntervalS: body.reconcile_interval,
      tagConfigs,
      ...(await codeFor(store, stream, body)),
    };
    if (data.webhookCode !== undefined)
      await reserveWebhook(store, { ...data, webhookCode: data.webhookCode }, contextOf(sender, at));
    await handle(stream, { type: 'ChangeBuildConfig', data }, contextOf(sender, at));
    return replyWith(store, stream);
  };
}

/** A code for the webhook, where a push is to start builds and there is none yet. */
async function codeFor(
  store: EventStore,
  stream: string,
  { tag_configs: configs }: ChangeBuildConfigCommand['body'],
): Promise<{ readonly webhookCode?: string }> {
  if (!configs.some(({ is_active: isActive }) => isActive)) return {};
  const { state } = await loadState({ store, decider: repository, codec: repositoryCodec }, stream);
  return state.phase === 'present' && !state.webhook ? { webhookCode: newWebhookCode() } : {};
}

type TagConfigFields = ChangeBuildConfigCommand['body']['tag_configs'][number];

async function toChange(fields: TagConfigFields, ids: IdSequence): Promise<TagConfigChange> {
  const { id: knownId, docker_build_config_id: configId } = fields;
  return { config: toTagConfig(knownId ?? (await ids.next()), fields), knownId, configId };
}
