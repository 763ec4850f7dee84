import { z } from 'zod';
import { Instant, ActorName } from '../names.js';
import { RegistryHost, SecretName } from './names.js';

/** Everything but the value. */
export const SecretView = z.object({
  name: SecretName,
  created_at: Instant,
  updated_at: Instant,
  updated_by: ActorName,
});
export type SecretView = z.infer<typeof SecretView>;

export const SecretsView = z.object({ secrets: z.array(SecretView) });
export type SecretsView = z.infer<typeof SecretsView>;

/** Everything but the password. */
export const RegistryCredentialView = z.object({
  host: RegistryHost,
  username: z.string(),
  created_at: Instant,
  updated_at: Instant,
  updated_by: ActorName,
});
export type RegistryCredentialView = z.infer<typeof RegistryCredentialView>;

export const RegistryCredentialsView = z.object({ registry_credentials: z.array(RegistryCredentialView) });
export type RegistryCredentialsView = z.infer<typeof RegistryCredentialsView>;
