import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  querySubjects,
  RegistryCredentialsView,
  SecretsView,
  type RegistryCredentialView,
  type RemoveRegistryCredentialCommand,
  type RemoveSecretCommand,
  type SecretsQuery,
  type SecretView,
  type SetRegistryCredentialCommand,
  type SetSecretCommand,
} from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { Sender } from '../commands/sender.js';

/**
 * The repository service's word on secrets. There is no view of them: they are few, asked for seldom, and what does not
 * lie in a database is not read from it. All throw SERVICE_UNAVAILABLE.
 */
export interface SecretDesk {
  /** By name. @throws REPOSITORY_NOT_FOUND */
  readonly list: (owner: SecretsQuery) => Promise<readonly SecretView[]>;
  /** Answers all of that owner. @throws REPOSITORY_NOT_FOUND, SECRET_LIMIT_REACHED */
  readonly set: (command: SetSecretCommand, sender: Sender) => Promise<readonly SecretView[]>;
  /** @throws REPOSITORY_NOT_FOUND, SECRET_NOT_FOUND */
  readonly remove: (command: RemoveSecretCommand, sender: Sender) => Promise<void>;
  /** By host. */
  readonly listCredentials: (namespace: string) => Promise<readonly RegistryCredentialView[]>;
  /** Answers all of the namespace. @throws REGISTRY_CREDENTIAL_LIMIT_REACHED */
  readonly setCredential: (
    command: SetRegistryCredentialCommand,
    sender: Sender,
  ) => Promise<readonly RegistryCredentialView[]>;
  /** @throws REGISTRY_CREDENTIAL_NOT_FOUND */
  readonly removeCredential: (command: RemoveRegistryCredentialCommand, sender: Sender) => Promise<void>;
}

export function secretDesk(nats: NatsConnection): SecretDesk {
  const ask = async (subject: string, payload: unknown): Promise<readonly SecretView[]> =>
    (await request(nats, subject, payload, { reply: SecretsView })).secrets;
  const askCredentials = async (subject: string, payload: unknown): Promise<readonly RegistryCredentialView[]> =>
    (await request(nats, subject, payload, { reply: RegistryCredentialsView })).registry_credentials;
  const { setSecret, removeSecret, setRegistryCredential, removeRegistryCredential } = commandSubjects;
  return {
    list: (owner) => ask(querySubjects.secrets, owner),
    set: (command, sender) => ask(setSecret, { ...sender, command }),
    remove: async (command, sender) => void (await ask(removeSecret, { ...sender, command })),
    listCredentials: (namespace) => askCredentials(querySubjects.registryCredentials, { namespace }),
    setCredential: (command, sender) => askCredentials(setRegistryCredential, { ...sender, command }),
    removeCredential: async (command, sender) =>
      void (await askCredentials(removeRegistryCredential, { ...sender, command })),
  };
}
