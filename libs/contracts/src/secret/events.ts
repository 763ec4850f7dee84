import { z } from 'zod';
import { Instant, Namespace, RepoName, ActorName } from '../names.js';
import { SealedKey } from '../repository/events.js';
import { RegistryHost, SecretName } from './names.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object({ namespace: Namespace, ...data, at: Instant }) });

/** Whose secret it is. A repository created later under the same name has another build config, and gets none of these. */
const secret = {
  /** Of the build config it is for; null: for every repository of the namespace. */
  configId: z.int().positive().nullable(),
  name: SecretName,
};
/** For people who read events; null with the build config. */
const repository = { repoName: RepoName.nullable() };

/** The secrets and registry credentials of one namespace share an event stream. */
export const SecretEvent = z.discriminatedUnion('type', [
  event('SecretSet', { ...secret, ...repository, value: SealedKey, by: ActorName }),
  event('SecretRemoved', { ...secret, ...repository, by: ActorName }),
  /** The same value under another key of the environment. */
  event('SecretResealed', { ...secret, value: SealedKey }),
  event('RegistryCredentialSet', { host: RegistryHost, username: z.string(), password: SealedKey, by: ActorName }),
  event('RegistryCredentialRemoved', { host: RegistryHost, by: ActorName }),
  event('RegistryCredentialResealed', { host: RegistryHost, password: SealedKey }),
]);
export type SecretEvent = z.infer<typeof SecretEvent>;
