import type { SealedKey, SecretEvent } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';
import type { SecretCommand } from './commands.js';

export type { SecretCommand };

interface Kept {
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}
export interface StoredSecret extends Kept {
  /** Of the build config it is for; null: for every repository of the namespace. */
  readonly configId: number | null;
  readonly name: string;
  readonly value: SealedKey;
}
export interface StoredCredential extends Kept {
  readonly host: string;
  readonly username: string;
  readonly password: SealedKey;
}

/** All of a namespace. */
export interface Secrets {
  readonly secrets: readonly StoredSecret[];
  readonly credentials: readonly StoredCredential[];
}

/** Of one owner. What one build may use travels in one message: NATS carries 1 MiB, and two owners count. */
const MAX_SECRETS = 64;
const MAX_SEALED_CHARACTERS = 262_144; // base64: 192 KiB of values
const MAX_CREDENTIALS = 16;

export const secrets: Decider<Secrets, SecretCommand, SecretEvent> = {
  initial: { secrets: [], credentials: [] },

  decide: (command, state) => {
    switch (command.type) {
      case 'SetSecret':
        return setSecret(command.data, state);
      case 'RemoveSecret':
        if (!find(state, command.data)) throw new AppError('SECRET_NOT_FOUND', { name: command.data.name });
        return [{ type: 'SecretRemoved', data: command.data }];
      case 'ResealSecret': {
        const { formerTag, ...data } = command.data;
        return find(state, data)?.value.tag === formerTag ? [{ type: 'SecretResealed', data }] : [];
      }
      case 'SetRegistryCredential':
        return setCredential(command.data, state);
      case 'RemoveRegistryCredential': {
        const { host } = command.data;
        if (!credentialOf(state, host)) throw new AppError('REGISTRY_CREDENTIAL_NOT_FOUND', { host });
        return [{ type: 'RegistryCredentialRemoved', data: command.data }];
      }
      case 'ResealRegistryCredential': {
        const { formerTag, ...data } = command.data;
        const isSame = credentialOf(state, data.host)?.password.tag === formerTag;
        return isSame ? [{ type: 'RegistryCredentialResealed', data }] : [];
      }
    }
  },

  evolve: (state, { type, data }) => {
    switch (type) {
      case 'SecretSet': {
        const { configId, name, value } = data;
        const kept = keptBy(data, find(state, data));
        return { ...state, secrets: [...without(state, data), { configId, name, value, ...kept }] };
      }
      case 'SecretRemoved':
        return { ...state, secrets: without(state, data) };
      case 'SecretResealed': {
        const { value } = data;
        return { ...state, secrets: state.secrets.map((one) => (isSame(one, data) ? { ...one, value } : one)) };
      }
      case 'RegistryCredentialSet': {
        const { host, username, password } = data;
        const kept = keptBy(data, credentialOf(state, host));
        const others = state.credentials.filter((one) => one.host !== host);
        return { ...state, credentials: [...others, { host, username, password, ...kept }] };
      }
      case 'RegistryCredentialRemoved':
        return { ...state, credentials: state.credentials.filter(({ host }) => host !== data.host) };
      case 'RegistryCredentialResealed': {
        const { host, password } = data;
        const credentials = state.credentials.map((one) => (one.host === host ? { ...one, password } : one));
        return { ...state, credentials };
      }
    }
  },
};

/** Of one owner: a build config, or with null the namespace itself. */
export const secretsOf = (state: Secrets, configId: number | null): readonly StoredSecret[] =>
  state.secrets.filter((one) => one.configId === configId);

/** What a build of this build config may use: where both have a name, the repository's secret wins. */
export function secretsSeenBy(state: Secrets, configId: number): readonly StoredSecret[] {
  const own = secretsOf(state, configId);
  const names = new Set(own.map(({ name }) => name));
  return [...secretsOf(state, null).filter(({ name }) => !names.has(name)), ...own];
}

type Data<T extends SecretCommand['type']> = Extract<SecretCommand, { type: T }>['data'];
type Key = Pick<StoredSecret, 'configId' | 'name'>;

function setSecret(data: Data<'SetSecret'>, state: Secrets): readonly SecretEvent[] {
  const others = secretsOf(state, data.configId).filter(({ name }) => name !== data.name);
  const characters = [data, ...others].reduce((sum, { value }) => sum + value.ciphertext.length, 0);
  if (others.length >= MAX_SECRETS || characters > MAX_SEALED_CHARACTERS)
    throw new AppError('SECRET_LIMIT_REACHED', { max: MAX_SECRETS, max_bytes: (MAX_SEALED_CHARACTERS / 4) * 3 });
  return [{ type: 'SecretSet', data }];
}

function setCredential(data: Data<'SetRegistryCredential'>, state: Secrets): readonly SecretEvent[] {
  if (!credentialOf(state, data.host) && state.credentials.length >= MAX_CREDENTIALS)
    throw new AppError('REGISTRY_CREDENTIAL_LIMIT_REACHED', { max: MAX_CREDENTIALS });
  return [{ type: 'RegistryCredentialSet', data }];
}

const isSame = (one: Key, other: Key): boolean => one.configId === other.configId && one.name === other.name;
const find = (state: Secrets, key: Key): StoredSecret | undefined => state.secrets.find((one) => isSame(one, key));
const without = (state: Secrets, key: Key): readonly StoredSecret[] => state.secrets.filter((one) => !isSame(one, key));
const credentialOf = (state: Secrets, host: string): StoredCredential | undefined =>
  state.credentials.find((one) => one.host === host);

const keptBy = ({ at, by }: { readonly at: string; readonly by: string }, former: Kept | undefined): Kept => ({
  createdAt: former?.createdAt ?? at,
  updatedAt: at,
  updatedBy: by,
});
