import type { NatsConnection } from '@nats-io/transport-node';
import {
  ChangeBuildConfigCommand,
  commandEnvelope,
  commandSubjects,
  DeleteRepositoryCommand,
  streams,
  UpdateRepositoryCommand,
  type CommandReply,
  type RepositoryEvent,
  type TagConfig,
} from '@slipway/contracts';
import { repository, type RepositoryCommand } from '@slipway/domain';
import { commandHandler, repositoryCodec, uuidV5, type EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { replyWith, rethrow } from './commands.fixtures.js';
import { at } from './told.fixtures.js';

const FIRST_NEW_ID = 100;

/** Answers the commands that change a repository by the domain's own rules. `openBuilds`: as the orchestrator counts. */
export function serveChanges(
  { nats, store }: { readonly nats: NatsConnection; readonly store: EventStore },
  openBuilds: () => number,
): void {
  let nextId = FIRST_NEW_ID;
  const handler = commandHandler(store, repository, repositoryCodec);
  const decide = async (command: RepositoryCommand, commandId: string): Promise<CommandReply> => {
    const stream = streams.repository(command.data.namespace, command.data.repoName);
    await handler(stream, command, { commandId, at, actor: 'user:test', correlationId: commandId });
    return replyWith(store, repositoryCodec, stream);
  };
  const common = { queue: 'repository', onError: rethrow };

  serve(nats, {
    ...common,
    subject: commandSubjects.updateRepository,
    schema: commandEnvelope(UpdateRepositoryCommand),
    handle: ({ commandId, actor: by, command: { namespace, repo_name: repoName, body } }) => {
      const { description, full_description: fullDescription, is_public: isPublic } = body;
      const data = { namespace, repoName, by, at, description, fullDescription, isPublic };
      return decide({ type: 'DescribeRepository', data }, commandId);
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.changeBuildConfig,
    schema: commandEnvelope(ChangeBuildConfigCommand),
    handle: ({ commandId, actor: by, command: { namespace, repo_name: repoName, body, ifMatch } }) => {
      const { build_node: buildNode, email_enabled: emailEnabled, reconcile_interval: reconcileIntervalS } = body;
      const tagConfigs = body.tag_configs.map((fields) => ({
        config: toTagConfig(fields, fields.id ?? nextId++),
        knownId: fields.id,
        configId: fields.docker_build_config_id,
      }));
      const agentLabels = body.agent_labels;
      const change = {
        ifMatch: ifMatch ?? undefined,
        buildNode,
        agentLabels,
        emailEnabled,
        reconcileIntervalS,
        tagConfigs,
      };
      return decide({ type: 'ChangeBuildConfig', data: { namespace, repoName, by, at, ...change } }, commandId);
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.deleteRepository,
    schema: commandEnvelope(DeleteRepositoryCommand),
    handle: async ({ commandId: deletionId, actor: by, command: { namespace, repo_name: repoName } }) => {
      const data = { namespace, repoName, by, at, deletionId };
      await decide({ type: 'BeginDeletion', data }, deletionId);
      const finish = { ...data, openBuilds: openBuilds() };
      const reply = await decide({ type: 'FinishDeletion', data: finish }, uuidV5(`${deletionId}/finish`));
      const last = reply.events.at(-1)?.event as RepositoryEvent;
      if (last.type !== 'RepositoryDeleted') throw new AppError('REPOSITORY_BUSY', { namespace, repo_name: repoName });
      return reply;
    },
  });
}

const toTagConfig = (fields: ChangeBuildConfigCommand['body']['tag_configs'][number], id: number): TagConfig => ({
  id,
  refType: fields.code_repo_type,
  refName: fields.code_repo_type_value,
  dockerRepoTag: fields.docker_repo_tag,
  buildContextPath: fields.build_context_path,
  dockerfileLocation: fields.dockerfile_location,
  isActive: fields.is_active,
  cacheEnabled: fields.build_cache_enabled,
  versionTagging: fields.version_tagging,
});
