import { streams, type CommandReply, type RebuildCommand } from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { loadState, repositoryCodec, type CommandContext } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { requestWith, type RequestDesk } from './request-build.js';

/**
 * Requests a build with the frozen inputs of another one and the commit that one was made of. What the build config says
 * now does not matter, but the repository must still be there. Safe to repeat with the same build id.
 * @throws BUILD_NOT_FOUND; REPOSITORY_NOT_FOUND; BUILD_COMMIT_UNKNOWN: no agent has resolved it (yet, or before it failed)
 */
export async function rebuild(
  desk: RequestDesk,
  { buildId, originalId }: RebuildCommand,
  context: CommandContext & { readonly requestedBy: string },
): Promise<CommandReply> {
  const { store, builds } = desk;
  const original = await builds.load(originalId);
  if (original.phase === 'absent') throw new AppError('BUILD_NOT_FOUND', { buildId: originalId });
  const { spec, commit } = original;
  const { namespace, repoName } = spec;
  const parts = { store, decider: repository, codec: repositoryCodec };
  const { state } = await loadState(parts, streams.repository(namespace, repoName));
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (commit === null) throw new AppError('BUILD_COMMIT_UNKNOWN', { buildId: originalId });

  const trigger = { kind: 'rebuild' as const, buildId: originalId };
  const again = { ...spec, commit, trigger, requestedBy: context.requestedBy };
  return requestWith(desk, { buildId, spec: again }, context);
}
