import type { RepositoryEvent } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { BeginDeletion, FinishDeletion } from './commands.js';
import type { Repository } from './repository.js';

/** Whoever finds a deletion under way joins it: its decider may have died over it. */
export function beginDeletion(
  { namespace, repoName, deletionId, by, at }: BeginDeletion['data'],
  state: Repository,
): readonly RepositoryEvent[] {
  if (state.phase === 'deleted' && state.deletionId === deletionId) return []; // the same command again
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (state.deletionId !== null) return [];
  return [{ type: 'RepositoryDeletionBegan', data: { deletionId, requestedBy: by, at } }];
}

/** Several may have found out how many builds are open: the first word counts. */
export function finishDeletion(
  { namespace, repoName, deletionId, openBuilds, by, at }: FinishDeletion['data'],
  state: Repository,
): readonly RepositoryEvent[] {
  if (state.phase === 'deleted' && state.deletionId === deletionId) return [];
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (state.deletionId !== deletionId) throw new AppError('REPOSITORY_BUSY', { namespace, repo_name: repoName });
  return openBuilds === 0
    ? [{ type: 'RepositoryDeleted', data: { deletionId, deletedBy: by, at } }]
    : [{ type: 'RepositoryDeletionRefused', data: { deletionId, openBuilds, at } }];
}
