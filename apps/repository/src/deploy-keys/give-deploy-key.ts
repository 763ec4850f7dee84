import { streams, type DeployKeyQuery, type DeployKeyReply } from '@slipway/contracts';
import { hostKeys, repository } from '@slipway/domain';
import { hostKeyCodec, loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { sealFor } from '@slipway/platform';
import { openSealed, type SecretKeys } from './secret-keys.js';

/**
 * Answers `query.repository.deploy-key`: the deploy key of a build config, for one reader alone, and the keys that the
 * code host may show. Between the box it is stored in and the box it travels in, the private half is here for a moment.
 * @throws REPOSITORY_NOT_FOUND also when the name belongs to another build config by now; DEPLOY_KEY_UNREADABLE
 */
export function giveDeployKey({
  store,
  secretKeys,
}: {
  readonly store: EventStore;
  readonly secretKeys: SecretKeys;
}): (query: DeployKeyQuery) => Promise<DeployKeyReply> {
  return async ({ namespace, repo_name, configId, host, reader }) => {
    const [{ state }, pins] = await Promise.all([
      loadState({ store, decider: repository, codec: repositoryCodec }, streams.repository(namespace, repo_name)),
      loadState({ store, decider: hostKeys, codec: hostKeyCodec }, streams.hostKeys()),
    ]);
    if (state.phase !== 'present' || state.configId !== configId || !state.deployKey)
      throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name });
    const { publicKey, privateKey } = state.deployKey;
    const opened = openSealed(privateKey, publicKey, secretKeys);
    try {
      return { publicKey, box: sealFor(reader, opened, publicKey), hostKeys: [...(pins.state.get(host)?.keys ?? [])] };
    } finally {
      opened.fill(0);
    }
  };
}
