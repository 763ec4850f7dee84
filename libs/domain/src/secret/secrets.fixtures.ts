import type { SealedKey, SecretEvent } from '@slipway/contracts';
import type { SecretCommand } from './secrets.js';

export const at = '2026-11-24T10:00:00.000Z';

/** `tag` tells one sealed value from another. */
export const sealed = (tag = 'dGFn', characters = 8): SealedKey => ({
  keyId: '00000000',
  iv: 'aXY=',
  tag,
  ciphertext: 'c'.repeat(characters),
});

/** Of the namespace, or with a build config of a repository of it. */
const named = (name: string, configId: number | null) => ({ namespace: 'alice', configId, name });
const said = (configId: number | null) => ({ repoName: configId === null ? null : 'app', by: 'alice', at });

export const setSecret = (name: string, configId: number | null = null, value = sealed()): SecretCommand => ({
  type: 'SetSecret',
  data: { ...named(name, configId), ...said(configId), value },
});
export const secretSet = (name: string, configId: number | null = null, value = sealed()): SecretEvent => ({
  type: 'SecretSet',
  data: { ...named(name, configId), ...said(configId), value },
});
export const removeSecret = (name: string, configId: number | null = null): SecretCommand => ({
  type: 'RemoveSecret',
  data: { ...named(name, configId), ...said(configId) },
});
export const secretRemoved = (name: string, configId: number | null = null): SecretEvent => ({
  type: 'SecretRemoved',
  data: { ...named(name, configId), ...said(configId) },
});
export const resealSecret = (name: string, formerTag: string, value: SealedKey): SecretCommand => ({
  type: 'ResealSecret',
  data: { ...named(name, null), formerTag, value, at },
});
export const secretResealed = (name: string, value: SealedKey): SecretEvent => ({
  type: 'SecretResealed',
  data: { ...named(name, null), value, at },
});

const login = (host: string) => ({
  namespace: 'alice',
  host,
  username: 'robot',
  password: sealed(),
  by: 'alice',
  at,
});
export const setCredential = (host: string): SecretCommand => ({ type: 'SetRegistryCredential', data: login(host) });
export const credentialSet = (host: string): SecretEvent => ({ type: 'RegistryCredentialSet', data: login(host) });
export const removeCredential = (host: string): SecretCommand => ({
  type: 'RemoveRegistryCredential',
  data: { namespace: 'alice', host, by: 'alice', at },
});
export const credentialRemoved = (host: string): SecretEvent => ({
  type: 'RegistryCredentialRemoved',
  data: { namespace: 'alice', host, by: 'alice', at },
});
