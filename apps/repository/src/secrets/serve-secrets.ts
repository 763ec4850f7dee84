import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  querySubjects,
  RegistryCredentialsQuery,
  SecretsQuery,
  SecretValuesQuery,
} from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { serve, type Service } from '@slipway/messaging';
import type { RunningService } from '@slipway/platform';
import type { SecretKeys } from '../deploy-keys/secret-keys.js';
import { giveSecrets } from './give-secrets.js';
import {
  RemoveRegistryCredentialMessage,
  RemoveSecretMessage,
  secretDesk,
  SetRegistryCredentialMessage,
  SetSecretMessage,
} from './secret-desk.js';

/** Answers everything about build secrets and registry credentials. */
export function serveSecrets(
  {
    store,
    clock,
    nats,
    secretKeys,
  }: {
    readonly store: EventStore;
    readonly clock: Clock;
    readonly nats: NatsConnection;
    readonly secretKeys: SecretKeys;
  },
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly RunningService[] {
  const desk = secretDesk({ store, clock, secretKey: secretKeys[0] });
  const { setSecret, removeSecret, setRegistryCredential, removeRegistryCredential } = commandSubjects;
  const { secrets, secretValues, registryCredentials } = querySubjects;
  return [
    serve(nats, { ...common, subject: setSecret, schema: SetSecretMessage, handle: desk.set }),
    serve(nats, { ...common, subject: removeSecret, schema: RemoveSecretMessage, handle: desk.remove }),
    serve(nats, { ...common, subject: secrets, schema: SecretsQuery, handle: desk.list }),
    serve(nats, {
      ...common,
      subject: setRegistryCredential,
      schema: SetRegistryCredentialMessage,
      handle: desk.setCredential,
    }),
    serve(nats, {
      ...common,
      subject: removeRegistryCredential,
      schema: RemoveRegistryCredentialMessage,
      handle: desk.removeCredential,
    }),
    serve(nats, {
      ...common,
      subject: registryCredentials,
      schema: RegistryCredentialsQuery,
      handle: desk.listCredentials,
    }),
    serve(nats, {
      ...common,
      subject: secretValues,
      schema: SecretValuesQuery,
      handle: giveSecrets({ store, secretKeys }),
    }),
  ];
}
