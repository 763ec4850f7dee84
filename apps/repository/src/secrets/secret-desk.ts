import type { KeyObject } from 'node:crypto';
import {
  commandEnvelope,
  RemoveRegistryCredentialCommand,
  RemoveSecretCommand,
  SetRegistryCredentialCommand,
  SetSecretCommand,
  streams,
  type RegistryCredentialsQuery,
  type RegistryCredentialsView,
  type SecretsQuery,
  type SecretsView,
} from '@slipway/contracts';
import { repository, secrets, secretsOf, type SecretCommand, type Secrets } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec, secretCodec, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { seal } from '../deploy-keys/seal.js';
import { contextOf, type Sender } from '../repositories/reply.js';
import { aboutCredential, aboutSecret } from './sealed-secret.js';

export const SetSecretMessage = commandEnvelope(SetSecretCommand);
export type SetSecretMessage = z.infer<typeof SetSecretMessage>;
export const RemoveSecretMessage = commandEnvelope(RemoveSecretCommand);
export type RemoveSecretMessage = z.infer<typeof RemoveSecretMessage>;
export const SetRegistryCredentialMessage = commandEnvelope(SetRegistryCredentialCommand);
export type SetRegistryCredentialMessage = z.infer<typeof SetRegistryCredentialMessage>;
export const RemoveRegistryCredentialMessage = commandEnvelope(RemoveRegistryCredentialCommand);
export type RemoveRegistryCredentialMessage = z.infer<typeof RemoveRegistryCredentialMessage>;

/** Every answer holds all of one owner, without a value. Safe to run twice. */
export interface SecretDesk {
  /** @throws REPOSITORY_NOT_FOUND, SECRET_LIMIT_REACHED */
  readonly set: (message: SetSecretMessage) => Promise<SecretsView>;
  /** @throws REPOSITORY_NOT_FOUND, SECRET_NOT_FOUND */
  readonly remove: (message: RemoveSecretMessage) => Promise<SecretsView>;
  /** @throws REPOSITORY_NOT_FOUND */
  readonly list: (query: SecretsQuery) => Promise<SecretsView>;
  /** @throws REGISTRY_CREDENTIAL_LIMIT_REACHED */
  readonly setCredential: (message: SetRegistryCredentialMessage) => Promise<RegistryCredentialsView>;
  /** @throws REGISTRY_CREDENTIAL_NOT_FOUND */
  readonly removeCredential: (message: RemoveRegistryCredentialMessage) => Promise<RegistryCredentialsView>;
  readonly listCredentials: (query: RegistryCredentialsQuery) => Promise<RegistryCredentialsView>;
}

export interface SecretParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly secretKey: KeyObject;
}

export function secretDesk({ store, clock, secretKey }: SecretParts): SecretDesk {
  const handle = commandHandler(store, secrets, secretCodec);
  const say = async (command: SecretCommand, sender: Sender): Promise<Secrets> =>
    (await handle(streams.secrets(command.data.namespace), command, contextOf(sender, command.data.at))).state;
  const load = async (namespace: string): Promise<Secrets> =>
    (await loadState({ store, decider: secrets, codec: secretCodec }, streams.secrets(namespace))).state;
  const by = ({ actor }: Sender) => ({ by: actor, at: clock.now() });
  return {
    set: async ({ command: { namespace, repo_name: repoName, name, body }, ...sender }) => {
      const configId = await configIdOf(store, namespace, repoName);
      const key = { namespace, configId, repoName, name };
      const value = seal(Buffer.from(body.value), aboutSecret(namespace, key), secretKey);
      return secretsView(await say({ type: 'SetSecret', data: { ...key, value, ...by(sender) } }, sender), configId);
    },
    remove: async ({ command: { namespace, repo_name: repoName, name }, ...sender }) => {
      const configId = await configIdOf(store, namespace, repoName);
      const data = { namespace, configId, repoName, name, ...by(sender) };
      return secretsView(await say({ type: 'RemoveSecret', data }, sender), configId);
    },
    list: async ({ namespace, repo_name }) => {
      const configId = await configIdOf(store, namespace, repo_name);
      return secretsView(await load(namespace), configId);
    },
    setCredential: async ({ command: { namespace, host, body }, ...sender }) => {
      const { username } = body;
      const password = seal(Buffer.from(body.password), aboutCredential(namespace, { host, username }), secretKey);
      const data = { namespace, host, username, password, ...by(sender) };
      return credentialsView(await say({ type: 'SetRegistryCredential', data }, sender));
    },
    removeCredential: async ({ command, ...sender }) =>
      credentialsView(await say({ type: 'RemoveRegistryCredential', data: { ...command, ...by(sender) } }, sender)),
    listCredentials: async ({ namespace }) => credentialsView(await load(namespace)),
  };
}

/** Of the build config that the name stands for now; null: of the namespace itself. @throws REPOSITORY_NOT_FOUND */
async function configIdOf(store: EventStore, namespace: string, repoName: string | null): Promise<number | null> {
  if (repoName === null) return null;
  const { state } = await loadState(
    { store, decider: repository, codec: repositoryCodec },
    streams.repository(namespace, repoName),
  );
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  return state.configId;
}

const secretsView = (state: Secrets, configId: number | null): SecretsView => ({
  secrets: secretsOf(state, configId)
    .map(({ name, createdAt, updatedAt, updatedBy }) => ({
      name,
      created_at: createdAt,
      updated_at: updatedAt,
      updated_by: updatedBy,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1)),
});

const credentialsView = ({ credentials }: Secrets): RegistryCredentialsView => ({
  registry_credentials: credentials
    .map(({ host, username, createdAt, updatedAt, updatedBy }) => ({
      host,
      username,
      created_at: createdAt,
      updated_at: updatedAt,
      updated_by: updatedBy,
    }))
    .sort((one, other) => (one.host < other.host ? -1 : 1)),
});
