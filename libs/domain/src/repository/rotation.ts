import type { RepositoryEvent } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { RotateDeployKey } from './commands.js';
import type { Repository } from './repository.js';

/** The former key is forgotten at once: builds that ask from now on get the new one. */
export function rotateDeployKey(
  { namespace, repoName, rotationId, publicKey, privateKey, at }: RotateDeployKey['data'],
  state: Repository,
): readonly RepositoryEvent[] {
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (state.deletionId !== null) throw new AppError('REPOSITORY_CLOSING', { namespace, repo_name: repoName });
  if (state.deployKey?.rotationId === rotationId) return []; // the same command again
  return [{ type: 'DeployKeyIssued', data: { configId: state.configId, publicKey, privateKey, rotationId, at } }];
}
