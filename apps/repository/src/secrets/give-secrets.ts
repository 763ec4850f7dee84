import { streams, type BuildSecretsReply, type SecretValuesQuery } from '@slipway/contracts';
import { secrets, secretsSeenBy } from '@slipway/domain';
import { loadState, secretCodec, type EventStore } from '@slipway/event-store';
import { sealFor, type SealedBox } from '@slipway/platform';
import type { SecretKeys } from '../deploy-keys/secret-keys.js';
import { openCredential, openSecret } from './sealed-secret.js';

/**
 * Answers `query.secret.values`: everything secret that a build of one build config may use, for one reader alone.
 * Between the box it is stored in and the box it travels in, each value is here for a moment.
 * @throws SECRET_UNREADABLE
 */
export function giveSecrets({
  store,
  secretKeys,
}: {
  readonly store: EventStore;
  readonly secretKeys: SecretKeys;
}): (query: SecretValuesQuery) => Promise<BuildSecretsReply> {
  return async ({ namespace, configId, reader }) => {
    const { state } = await loadState({ store, decider: secrets, codec: secretCodec }, streams.secrets(namespace));
    return {
      secrets: secretsSeenBy(state, configId).map((secret) => ({
        name: secret.name,
        box: boxed(openSecret(namespace, secret, secretKeys), reader, secret.name),
      })),
      registries: state.credentials.map((credential) => ({
        host: credential.host,
        username: credential.username,
        box: boxed(openCredential(namespace, credential, secretKeys), reader, credential.host),
      })),
    };
  };
}

function boxed(opened: Buffer, reader: string, about: string): SealedBox {
  try {
    return sealFor(reader, opened, about);
  } finally {
    opened.fill(0);
  }
}
