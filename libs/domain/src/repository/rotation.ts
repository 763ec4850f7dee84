import type { RepositoryEvent } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { ResealDeployKey, RotateDeployKey } from './commands.js';
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

/** A key that was rotated away in between, or went with its repository, is nobody's business any more. */
export function resealDeployKey(
  { publicKey, privateKey, at }: ResealDeployKey['data'],
  state: Repository,
): readonly RepositoryEvent[] {
  if (state.phase !== 'present' || state.deployKey?.publicKey !== publicKey) return [];
  if (state.deployKey.privateKey.keyId === privateKey.keyId) return [];
  return [{ type: 'DeployKeyResealed', data: { configId: state.configId, publicKey, privateKey, at } }];
}
