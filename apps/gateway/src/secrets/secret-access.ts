import type { PipeTransform } from '@nestjs/common';
import { Namespace, RegistryHost, RepoName, SecretName } from '@slipway/contracts';
import { mayAdminister, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { z } from 'zod';
import { parse } from '../http/parse.js';
import { assertInside } from '../namespaces/namespace-access.js';

export interface SecretPath {
  readonly namespace: Namespace;
  readonly name: SecretName;
}
export interface RepositorySecretPath {
  readonly namespace: Namespace;
  readonly repo_name: RepoName;
  readonly name: SecretName;
}
export interface CredentialPath {
  readonly namespace: Namespace;
  readonly host: RegistryHost;
}

/** What cannot be a name is not there; where one is made, it is told what is wrong. */
export const SecretParams: PipeTransform<unknown, SecretPath> = parse(
  z.object({ namespace: Namespace, name: SecretName }),
  'SECRET_NOT_FOUND',
);
export const NewSecretParams: PipeTransform<unknown, SecretPath> = parse(
  z.object({ namespace: Namespace, name: SecretName }),
);

const repositorySecret = z.object({ namespace: Namespace, repo_name: RepoName, name: SecretName });
export const RepositorySecretParams: PipeTransform<unknown, RepositorySecretPath> = parse(
  repositorySecret,
  'SECRET_NOT_FOUND',
);
export const NewRepositorySecretParams: PipeTransform<unknown, RepositorySecretPath> = parse(repositorySecret);

const credential = z.object({ namespace: Namespace, host: RegistryHost });
export const CredentialParams: PipeTransform<unknown, CredentialPath> = parse(
  credential,
  'REGISTRY_CREDENTIAL_NOT_FOUND',
);
export const NewCredentialParams: PipeTransform<unknown, CredentialPath> = parse(credential);

/** Also to see what there is: names tell where a namespace has accounts. @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
export const assertMayKeepSecrets = (caller: Caller, namespace: string): void =>
  assertInside(caller, namespace, mayAdminister);

/** @throws SECRET_NOT_FOUND also when it was removed just after it was set */
export function named<T extends { readonly name: string }>(secrets: readonly T[], name: string): T {
  const found = secrets.find((one) => one.name === name);
  if (!found) throw new AppError('SECRET_NOT_FOUND', { name });
  return found;
}
