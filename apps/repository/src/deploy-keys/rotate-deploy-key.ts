import type { KeyObject } from 'node:crypto';
import {
  commandEnvelope,
  RotateDeployKeyCommand,
  streams,
  type CodeHostName,
  type CommandReply,
} from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, replyWith } from '../repositories/reply.js';
import { makeDeployKey, type DeployKeyType } from './deploy-key.js';
import { seal } from './seal.js';

export const RotateDeployKeyMessage = commandEnvelope(RotateDeployKeyCommand);
export type RotateDeployKeyMessage = z.infer<typeof RotateDeployKeyMessage>;

/**
 * Answers `cmd.repository.rotate-key`. Safe to run twice.
 * @throws REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING, STORE_UNAVAILABLE
 */
export function rotateDeployKeyHandler({
  store,
  clock,
  secretKey,
  keyTypeOf,
}: {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly secretKey: KeyObject;
  readonly keyTypeOf: (client: CodeHostName) => DeployKeyType;
}): (message: RotateDeployKeyMessage) => Promise<CommandReply> {
  const handle = commandHandler(store, repository, repositoryCodec);
  return async ({ command: { namespace, repo_name: repoName }, ...sender }) => {
    const stream = streams.repository(namespace, repoName);
    const { state } = await loadState({ store, decider: repository, codec: repositoryCodec }, stream);
    if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
    const { publicKey, privateKey } = await makeDeployKey(
      `slipway:${namespace}/${repoName}`,
      keyTypeOf(state.source.client),
    );
    const at = clock.now();
    const sealed = seal(privateKey, publicKey, secretKey);
    privateKey.fill(0);
    const data = {
      namespace,
      repoName,
      by: sender.actor,
      rotationId: sender.commandId,
      publicKey,
      privateKey: sealed,
      at,
    };
    await handle(stream, { type: 'RotateDeployKey', data }, contextOf(sender, at));
    return replyWith(store, stream);
  };
}
