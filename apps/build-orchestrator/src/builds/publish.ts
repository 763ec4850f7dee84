import { streams, type PublishReply, type PublishRequest, type TagResult } from '@slipway/contracts';
import { publicTagsOf } from '@slipway/domain';
import type { EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { NameRequest } from '../tags/own-tag.js';
import type { MoveRequest } from '../tags/tag-desk.js';
import type { BuildDesk } from './build-desk.js';

/**
 * The image lies in the registry under the attempt's own tag: record that, then name it after the build, and move the
 * public tags, all by the digest that was recorded. Safe to repeat.
 * @throws LEASE_STALE; BUILD_CLOSED; REGISTRY_UNAVAILABLE: ask again
 */
export async function publishBuild(
  {
    store,
    builds,
    nameImage,
    moveTag,
    clock,
  }: {
    readonly store: EventStore;
    readonly builds: BuildDesk;
    readonly nameImage: (request: NameRequest) => Promise<void>;
    readonly moveTag: (request: MoveRequest) => Promise<TagResult>;
    readonly clock: Clock;
  },
  { buildId, agentId, leaseId, commit, imageId, digest, size }: PublishRequest,
): Promise<PublishReply> {
  const actor = `agent:${agentId}`;
  const data = { buildId, leaseId, commit, imageId, digest, size, at: clock.now() };
  const { state } = await builds.handle({ type: 'RecordPush', data }, { cause: `push/${leaseId}/${digest}`, actor });
  if (state.phase !== 'running') throw new AppError('BUILD_CLOSED', { buildId });
  if (state.tags) return { tags: [...state.tags] };

  const order = await requestOrder(store, buildId);
  const { namespace, repoName } = state.spec;
  await nameImage({ namespace, repoName, buildId, digest });
  const tags: TagResult[] = [];
  for (const tag of publicTagsOf(state.spec, state.requestedAt, state.commit)) {
    tags.push(await moveTag({ namespace, repoName, tag, buildId, order, digest }));
  }
  await builds.handle(
    { type: 'RecordTags', data: { buildId, leaseId, tags, at: clock.now() } },
    { cause: `tags/${leaseId}/${digest}`, actor: 'service:build-orchestrator' },
  );
  return { tags };
}

/** Where the request stands among all requests: the position of the build's first event. */
async function requestOrder(store: EventStore, buildId: string): Promise<number> {
  const [first] = await store.read(streams.build(buildId), { max: 1 });
  if (!first) throw new AppError('BUILD_NOT_FOUND', { buildId });
  return first.position;
}
