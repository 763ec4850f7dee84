import type { StoredCredential, StoredSecret } from '@slipway/domain';
import { openSealed, type SecretKeys } from '../deploy-keys/secret-keys.js';

/** What a stored value is about: it opens in no other namespace, for no other build config, and under no other name. */
export const aboutSecret = (namespace: string, { configId, name }: Pick<StoredSecret, 'configId' | 'name'>): string =>
  `secret/${namespace}/${configId ?? ''}/${name}`;

export const aboutCredential = (
  namespace: string,
  { host, username }: Pick<StoredCredential, 'host' | 'username'>,
): string => `registry/${namespace}/${host}/${username}`;

/** The caller wipes it. @throws SECRET_UNREADABLE */
export const openSecret = (namespace: string, secret: StoredSecret, secretKeys: SecretKeys): Buffer =>
  openSealed(secret.value, aboutSecret(namespace, secret), secretKeys, 'SECRET_UNREADABLE');

/** The caller wipes it. @throws SECRET_UNREADABLE */
export const openCredential = (namespace: string, credential: StoredCredential, secretKeys: SecretKeys): Buffer =>
  openSealed(credential.password, aboutCredential(namespace, credential), secretKeys, 'SECRET_UNREADABLE');
