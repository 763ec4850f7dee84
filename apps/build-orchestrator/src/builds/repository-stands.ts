import { streams, type BuildSpec, type Failure } from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';

/** Of a build that was requested while its repository was being deleted. */
export const REPOSITORY_GONE: Failure = {
  code: 'REPOSITORY_DELETED',
  message: 'the image repository was deleted before the build began',
  step: null,
  exitCode: null,
  lastLines: [],
};

/**
 * Whether the repository that a build was requested for is still there; another one of the same name has another build
 * config. A deletion waits for the builds that were requested before it began, so only one that was requested after
 * that can find its repository gone.
 * @throws REPOSITORY_CLOSING when such a build comes before the deletion is decided: ask again
 */
export async function repositoryStands(
  store: EventStore,
  { namespace, repoName, configId }: BuildSpec,
  buildId: string,
): Promise<boolean> {
  const { state, position } = await loadState(
    { store, decider: repository, codec: repositoryCodec },
    streams.repository(namespace, repoName),
  );
  if (state.phase !== 'present' || state.configId !== configId) return false;
  if (state.deletionId === null) return true;
  const [request] = await store.read(streams.build(buildId), { max: 1 });
  if (request && request.position < position) return true; // the deletion will find it and be refused
  throw new AppError('REPOSITORY_CLOSING', { namespace, repo_name: repoName, buildId });
}
