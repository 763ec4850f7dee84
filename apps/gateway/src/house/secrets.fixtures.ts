import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandEnvelope,
  commandSubjects,
  querySubjects,
  RegistryCredentialsQuery,
  RemoveRegistryCredentialCommand,
  RemoveSecretCommand,
  SecretsQuery,
  SetRegistryCredentialCommand,
  SetSecretCommand,
  type RegistryCredentialView,
  type SecretView,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { rethrow } from './commands.fixtures.js';
import { at } from './told.fixtures.js';

const common = { queue: 'repository', onError: rethrow };
const keptBy = (updated_by: string) => ({ created_at: at, updated_at: at, updated_by });

/** Keeps secrets in memory, in place of the service that seals them. `told`: every value that came with a command. */
export function serveSecrets({ nats }: { readonly nats: NatsConnection }, told: (value: string) => void): void {
  const owners = new Map<string, Map<string, SecretView>>();
  const credentials = new Map<string, RegistryCredentialView>();
  const of = ({ namespace, repo_name }: SecretsQuery): Map<string, SecretView> => {
    const key = `${namespace}/${repo_name ?? ''}`;
    const kept = owners.get(key) ?? new Map<string, SecretView>();
    owners.set(key, kept);
    return kept;
  };
  const all = (owner: SecretsQuery) => Promise.resolve({ secrets: [...of(owner).values()] });
  const allCredentials = () => Promise.resolve({ registry_credentials: [...credentials.values()] });

  serve(nats, { ...common, subject: querySubjects.secrets, schema: SecretsQuery, handle: all });
  serve(nats, {
    ...common,
    subject: commandSubjects.setSecret,
    schema: commandEnvelope(SetSecretCommand),
    handle: ({ actor, command }) => {
      told(command.body.value);
      of(command).set(command.name, { name: command.name, ...keptBy(actor) });
      return all(command);
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.removeSecret,
    schema: commandEnvelope(RemoveSecretCommand),
    handle: ({ command }) => {
      if (!of(command).delete(command.name)) throw new AppError('SECRET_NOT_FOUND', { name: command.name });
      return all(command);
    },
  });
  serve(nats, {
    ...common,
    subject: querySubjects.registryCredentials,
    schema: RegistryCredentialsQuery,
    handle: allCredentials,
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.setRegistryCredential,
    schema: commandEnvelope(SetRegistryCredentialCommand),
    handle: ({ actor, command: { host, body } }) => {
      told(body.password);
      credentials.set(host, { host, username: body.username, ...keptBy(actor) });
      return allCredentials();
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.removeRegistryCredential,
    schema: commandEnvelope(RemoveRegistryCredentialCommand),
    handle: ({ command: { host } }) => {
      if (!credentials.delete(host)) throw new AppError('REGISTRY_CREDENTIAL_NOT_FOUND', { host });
      return allCredentials();
    },
  });
}
