import {
  streams,
  type BuildSpec,
  type CommandReply,
  type NetworkPolicy,
  type RequestBuildCommand,
} from '@slipway/contracts';
import {
  chosenRule,
  locateCode,
  namespace as namespaces,
  policyNow,
  refPage,
  repository,
  type ChosenRule,
  type CodeHosts,
  type NetworkPolicies,
  type PresentRepository,
} from '@slipway/domain';
import {
  loadState,
  namespaceCodec,
  repositoryCodec,
  type CommandContext,
  type EventStore,
  type Handling,
} from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import type { Quotas } from '../quotas/quotas.js';
import type { BuildDesk } from './build-desk.js';
import { buildEventsOf } from './build-events.js';

const BY_API: BuildSpec['trigger'] = { kind: 'api' };

/** What every request for a build needs. */
export interface RequestDesk {
  readonly store: EventStore;
  readonly builds: BuildDesk;
  readonly quotas: Pick<Quotas, 'admit'>;
  readonly networkPolicies: NetworkPolicies;
}

/**
 * Freezes what the build config says now, and requests the build. The repository is read from the event store, not from
 * a view, so a build may follow its repository at once. Safe to repeat with the same build id.
 * @throws REPOSITORY_NOT_FOUND; REPOSITORY_CLOSING; TAG_CONFIG_NOT_FOUND; REF_REQUIRED; REF_NOT_MATCHED;
 * IMAGE_TAG_INVALID; CODE_HOST_CLOSED; QUOTA_EXCEEDED
 */
export async function requestBuild(
  { hosts, ...desk }: RequestDesk & { readonly hosts: CodeHosts },
  command: RequestBuildCommand,
  context: CommandContext & Handling & { readonly requestedBy: string },
): Promise<CommandReply> {
  const { namespace, repo_name: repoName, buildId } = command;
  const { state } = await loadState(
    { store: desk.store, decider: repository, codec: repositoryCodec },
    streams.repository(namespace, repoName),
  );
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (state.deletionId !== null) throw new AppError('REPOSITORY_CLOSING', { namespace, repo_name: repoName });
  const refName = command.code_repo_type_value ?? undefined;
  const rule = chosenRule({ tag: command.tag, refName }, state.tagConfigs);

  const { code_commit_id: commit = null, priority, trigger = BY_API } = command;
  const asked = { commit, requestedBy: context.requestedBy, trigger, ...(priority !== undefined && { priority }) };
  const spec = freeze(state, rule, hosts, asked);
  return requestWith(desk, { buildId, spec }, context);
}

/**
 * Requests the build with this spec, if its namespace has room, under the network policy of now: a build that is made
 * again does not keep open what was closed since. Safe to repeat: it is answered with all events of the build so far.
 * @throws QUOTA_EXCEEDED
 */
export async function requestWith(
  { store, builds, quotas, networkPolicies }: RequestDesk,
  { buildId, spec: asked }: { readonly buildId: string; readonly spec: BuildSpec },
  { isFirst = false, ...context }: CommandContext & Handling,
): Promise<CommandReply> {
  const spec = { ...asked, networkPolicy: await networkPolicyOf(store, asked.namespace, networkPolicies) };
  const { events, position } = await quotas.admit(
    { buildId, namespace: spec.namespace },
    async () => (await builds.load(buildId)).phase !== 'absent',
    () => builds.handleAs({ type: 'RequestBuild', data: { buildId, spec, at: context.at } }, context, { isFirst }),
  );
  const [event] = events; // requested just now: this is all there is; without one it was a repetition
  return { events: event ? [{ event, position }] : await buildEventsOf(store, buildId), position };
}

async function networkPolicyOf(store: EventStore, name: string, policies: NetworkPolicies): Promise<NetworkPolicy> {
  const parts = { store, decider: namespaces, codec: namespaceCodec };
  const { state } = await loadState(parts, streams.namespace(name));
  return policyNow(state.phase === 'present' ? state.networkPolicy : null, policies);
}

function freeze(
  { namespace, repoName, configId, source, buildNode, agentLabels, emailEnabled }: PresentRepository,
  { config: { id, refType, ...tagConfig }, refName, imageTag }: ChosenRule,
  hosts: CodeHosts,
  asked: Pick<BuildSpec, 'commit' | 'requestedBy' | 'priority' | 'trigger'>,
): BuildSpec {
  const located = locateCode(source, hosts);
  if (!located) throw new AppError('CODE_HOST_CLOSED', { code_host: source.client });
  const { versionTagging, buildContextPath, dockerfileLocation, cacheEnabled } = tagConfig;
  return {
    namespace,
    repoName,
    configId,
    tagConfigId: id,
    client: source.client,
    codePath: located.path,
    cloneUrl: located.clone.public,
    ...(source.client !== 'Simple' && { keyCloneUrl: located.clone.key }),
    urls: {
      page: located.page,
      ref: refPage(source, hosts, refType, refName),
      commitPrefix: located.commitPrefix,
    },
    refType,
    refName,
    dockerRepoTag: imageTag,
    versionTagging,
    buildContextPath,
    dockerfileLocation,
    cacheEnabled,
    buildNode,
    ...(agentLabels && { agentLabels }),
    emailEnabled,
    ...asked,
  };
}
