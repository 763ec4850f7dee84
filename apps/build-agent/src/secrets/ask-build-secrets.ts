import type { NatsConnection } from '@nats-io/transport-node';
import { BuildSecretsReply, commandSubjects, type Lease } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { boxReader, Secret } from '@slipway/platform';
import { BuildFailure } from '../builder/build-failure.js';
import type { BuildSecrets, RegistryCredentials } from '../builder/builder.js';
import { askAsHolder } from '../lease/ask-as-holder.js';

/** What a namespace gives to one build. Only ever in memory. */
export interface GivenSecrets {
  readonly secrets: BuildSecrets;
  readonly registries: RegistryCredentials;
}

export const NOTHING_SECRET: GivenSecrets = { secrets: new Map(), registries: new Map() };

/**
 * Asks for the secrets and registry credentials of a build as its holder. They come in boxes for a pair of this question
 * alone.
 * @throws BuildFailure SECRETS_UNREADABLE | SECRETS_UNAVAILABLE; the signal's reason
 */
export const askBuildSecrets =
  (nats: NatsConnection, lease: Lease) =>
  async (signal: AbortSignal): Promise<GivenSecrets> => {
    const reader = boxReader();
    const payload = { ...lease, reader: reader.publicKey };
    const question = { subject: commandSubjects.buildSecrets, payload, reply: BuildSecretsReply };
    const { secrets, registries } = await askAsHolder(nats, question, signal).catch((error: unknown) => {
      throw refusal(error);
    });
    const open = (...boxed: Parameters<typeof reader.open>): Secret => new Secret(reader.open(...boxed).toString());
    return {
      secrets: new Map(secrets.map(({ name, box }) => [name, open(box, name)])),
      registries: new Map(registries.map(({ host, username, box }) => [host, { username, password: open(box, host) }])),
    };
  };

function refusal(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  if (error.code === 'SECRET_UNREADABLE') return new BuildFailure('SECRETS_UNREADABLE', undefined, { cause: error });
  if (error.kind === 'unavailable') return new BuildFailure('SECRETS_UNAVAILABLE', undefined, { cause: error });
  return error;
}
