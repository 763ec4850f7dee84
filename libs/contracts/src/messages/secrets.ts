import { z } from 'zod';
import { Namespace, RepoName } from '../names.js';
import { SetRegistryCredentialBody, SetSecretBody } from '../secret/body.js';
import { RegistryHost, SecretName } from '../secret/names.js';
import { Lease } from './agent.js';
import { Reader, SealedBox } from './deploy-key.js';

/** `repo_name` null: of the namespace itself. */
const owner = { namespace: Namespace, repo_name: RepoName.nullable() };

/** On `cmd.secret.set`. */
export const SetSecretCommand = z.object({ ...owner, name: SecretName, body: SetSecretBody });
export type SetSecretCommand = z.infer<typeof SetSecretCommand>;

/** On `cmd.secret.remove`. */
export const RemoveSecretCommand = z.object({ ...owner, name: SecretName });
export type RemoveSecretCommand = z.infer<typeof RemoveSecretCommand>;

/** On `query.secret.list`; it and both commands are answered with `SecretsView`. */
export const SecretsQuery = z.object(owner);
export type SecretsQuery = z.infer<typeof SecretsQuery>;

/** On `cmd.registry-credential.set`. */
export const SetRegistryCredentialCommand = z.object({
  namespace: Namespace,
  host: RegistryHost,
  body: SetRegistryCredentialBody,
});
export type SetRegistryCredentialCommand = z.infer<typeof SetRegistryCredentialCommand>;

/** On `cmd.registry-credential.remove`. */
export const RemoveRegistryCredentialCommand = z.object({ namespace: Namespace, host: RegistryHost });
export type RemoveRegistryCredentialCommand = z.infer<typeof RemoveRegistryCredentialCommand>;

/** On `query.registry-credential.list`; it and both commands are answered with `RegistryCredentialsView`. */
export const RegistryCredentialsQuery = z.object({ namespace: Namespace });
export type RegistryCredentialsQuery = z.infer<typeof RegistryCredentialsQuery>;

/** On `cmd.build.secrets`: the holder of a build asks for everything secret that the build may use. */
export const BuildSecretsRequest = z.object({ ...Lease.shape, reader: Reader });
export type BuildSecretsRequest = z.infer<typeof BuildSecretsRequest>;

/** On `query.secret.values`, between services: the same, once it is known that the lease is current. */
export const SecretValuesQuery = z.object({ namespace: Namespace, configId: z.int().positive(), reader: Reader });
export type SecretValuesQuery = z.infer<typeof SecretValuesQuery>;

/** Each box is about the name, or the host. Only the reader that was named opens them. */
export const BuildSecretsReply = z.object({
  secrets: z.array(z.object({ name: SecretName, box: SealedBox })),
  registries: z.array(z.object({ host: RegistryHost, username: z.string(), box: SealedBox })),
});
export type BuildSecretsReply = z.infer<typeof BuildSecretsReply>;
