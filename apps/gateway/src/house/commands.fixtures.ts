import type { NatsConnection } from '@nats-io/transport-node';
import {
  BuildEventsQuery,
  commandEnvelope,
  commandSubjects,
  CreateRepositoryCommand,
  EndBuildCommand,
  querySubjects,
  RebuildCommand,
  RequestBuildCommand,
  streams,
  type BuildEventsReply,
  type BuildSpec,
  type CodeSource,
  type CommandReply,
  type CreateRepositoryBody,
} from '@slipway/contracts';
import { build, codeHosts, repository, type CreateRepository } from '@slipway/domain';
import {
  answerOnce,
  buildCodec,
  commandHandler,
  loadState,
  repositoryCodec,
  type DomainEvent,
  type EventCodec,
  type EventStore,
} from '@slipway/event-store';
import { AppError, systemClock as clock } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import type { z } from 'zod';
import { append, at } from './told.fixtures.js';

const privateKey = { keyId: '00000000', iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VjcmV0' };

/** Answers commands by the domain's own rules, in place of the services that decide. */
export function serveCommands(
  { nats, store }: { readonly nats: NatsConnection; readonly store: EventStore },
  specOf: (command: RequestBuildCommand) => BuildSpec,
): void {
  serve(nats, {
    subject: commandSubjects.createRepository,
    queue: 'repository',
    schema: commandEnvelope(CreateRepositoryCommand),
    onError: rethrow,
    handle: async ({ commandId, actor, correlationId, command: { namespace, body } }) => {
      const stream = streams.repository(namespace, body.repo_name);
      const command = createRepository(namespace, body, actor);
      const context = { commandId, at, actor, correlationId };
      await commandHandler(store, repository, repositoryCodec)(stream, command, context);
      return replyWith(store, repositoryCodec, stream);
    },
  });
  serve(nats, {
    subject: commandSubjects.requestBuild,
    queue: 'build-orchestrator',
    schema: RequestBuildMessage,
    onError: rethrow,
    handle: answerOnce({ store, clock }, async ({ actor, commandId: buildId, command }: RequestBuildMessage) => {
      if (command.tag !== 'latest') throw new AppError('TAG_CONFIG_NOT_FOUND', { tag: command.tag });
      const spec = { ...specOf(command), requestedBy: actor };
      const stream = streams.build(buildId);
      await append(store, buildCodec, stream, [{ type: 'BuildRequested', data: { buildId, spec, at } }]);
      return replyWith(store, buildCodec, stream);
    }),
  });
  serve(nats, {
    subject: commandSubjects.rebuild,
    queue: 'build-orchestrator',
    schema: commandEnvelope(RebuildCommand),
    onError: rethrow,
    handle: async ({ actor, command: { buildId, originalId } }) => {
      const parts = { store, decider: build, codec: buildCodec };
      const { state } = await loadState(parts, streams.build(originalId));
      if (state.phase === 'absent' || state.commit === null)
        throw new AppError('BUILD_COMMIT_UNKNOWN', { buildId: originalId });
      const trigger = { kind: 'rebuild' as const, buildId: originalId };
      const spec = { ...state.spec, commit: state.commit, requestedBy: actor, trigger };
      const stream = streams.build(buildId);
      await append(store, buildCodec, stream, [{ type: 'BuildRequested', data: { buildId, spec, at } }]);
      return replyWith(store, buildCodec, stream);
    },
  });
  serve(nats, {
    subject: commandSubjects.endBuild,
    queue: 'build-orchestrator',
    schema: commandEnvelope(EndBuildCommand),
    onError: rethrow,
    handle: async ({ commandId, actor, correlationId, command }) => {
      const stream = streams.build(command.buildId);
      const data = { ...command, by: actor, logLines: 0, logBytes: 0, at };
      const context = { commandId, at, actor, correlationId };
      await commandHandler(store, build, buildCodec)(stream, { type: 'EndBuild', data }, context);
      const { events, position } = await replyWith(store, buildCodec, stream);
      return { events: events.slice(-1), position };
    },
  });
  serve(nats, {
    subject: querySubjects.buildEvents,
    queue: 'build-orchestrator',
    schema: BuildEventsQuery,
    onError: rethrow,
    handle: (query) => eventsPage(store, query),
  });
}

const RequestBuildMessage = commandEnvelope(RequestBuildCommand);
type RequestBuildMessage = z.infer<typeof RequestBuildMessage>;

/** Two events a page. */
async function eventsPage(store: EventStore, { buildId, from }: BuildEventsQuery): Promise<BuildEventsReply> {
  const stored = await store.read(streams.build(buildId), { from, max: 2 });
  const events = stored.map(({ revision, position, metadata, type, data }) => ({
    number: revision,
    position,
    at: metadata.at,
    actor: metadata.actor,
    correlationId: metadata.$correlationId,
    causationId: metadata.$causationId,
    event: { type, data },
  }));
  return { events, next: events.length < 2 ? null : from + 2 };
}

export const rethrow = (error: unknown): never => {
  throw error;
};

const createRepository = (
  namespace: string,
  { repo_name, description, full_description, is_public, build_config: config }: CreateRepositoryBody,
  createdBy: string,
): CreateRepository => ({
  type: 'CreateRepository',
  data: {
    namespace,
    repoName: repo_name,
    description,
    fullDescription: full_description,
    isPublic: is_public,
    createdBy,
    configId: 3,
    source: sourceOf(config),
    buildNode: config.build_node,
    agentLabels: config.agent_labels,
    emailEnabled: config.email_enabled,
    reconcileIntervalS: config.reconcile_interval,
    tagConfigs: config.tag_configs.map((tag, index) => ({
      id: index + 4,
      refType: tag.code_repo_type,
      refName: tag.code_repo_type_value,
      dockerRepoTag: tag.docker_repo_tag,
      buildContextPath: tag.build_context_path,
      dockerfileLocation: tag.dockerfile_location,
      isActive: tag.is_active,
      cacheEnabled: tag.build_cache_enabled,
      versionTagging: tag.version_tagging,
    })),
    publicKey: 'ssh-ed25519 AAAA',
    privateKey,
    hosts: codeHosts({}),
    at,
  },
});

function sourceOf(config: CreateRepositoryBody['build_config']): CodeSource {
  if (config.code_repo_client === 'Simple') return { client: 'Simple', cloneUrl: config.code_repo_clone_url };
  return { client: config.code_repo_client, namespace: config.code_repo_namespace, name: config.code_repo_name };
}

export async function replyWith<Event extends DomainEvent>(
  store: EventStore,
  codec: EventCodec<Event>,
  stream: string,
): Promise<CommandReply> {
  const stored = await store.read(stream);
  const events = stored.map((one) => ({ event: codec.decode(one), position: one.position }));
  return { events, position: stored.at(-1)?.position ?? 0 };
}
