import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import {
  Namespace,
  RegistryCredentialsView,
  RegistryCredentialView,
  SetRegistryCredentialBody,
} from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { Egress } from '@slipway/egress';
import { AppError } from '@slipway/kernel';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { parse } from '../http/parse.js';
import { EGRESS, SECRETS, type SecretDesk } from '../ports.js';
import { assertMayKeepSecrets, CredentialParams, NewCredentialParams, type CredentialPath } from './secret-access.js';

/** A name that nobody has looked up by then is let through, ms: agents look again. */
const LOOKUP_MS = 500;

/** For base images that not everybody may pull. */
@Controller('v1/namespaces/:namespace/registry-credentials')
export class RegistryCredentialController {
  constructor(
    @Inject(SECRETS) private readonly secrets: SecretDesk,
    @Inject(EGRESS) private readonly egress: Egress,
  ) {}

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'secrets',
    summary: 'List the registry credentials of a namespace, by host',
    details: 'Passwords are in no answer.',
    who: 'admin',
    answers: { 200: RegistryCredentialsView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async list(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @CallerOf() caller: Caller,
  ): Promise<RegistryCredentialsView> {
    assertMayKeepSecrets(caller, namespace);
    return { registry_credentials: [...(await this.secrets.listCredentials(namespace))] };
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, REGISTRY_CREDENTIAL_NOT_FOUND */
  @Get(':host')
  @Describe({
    section: 'secrets',
    summary: 'Show the credential for a registry, without its password',
    who: 'admin',
    answers: { 200: RegistryCredentialView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async show(
    @Param(CredentialParams) { namespace, host }: CredentialPath,
    @CallerOf() caller: Caller,
  ): Promise<RegistryCredentialView> {
    assertMayKeepSecrets(caller, namespace);
    return credentialFor(await this.secrets.listCredentials(namespace), host);
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, ADDRESS_REFUSED, REGISTRY_CREDENTIAL_LIMIT_REACHED */
  @Put(':host')
  @Describe({
    section: 'secrets',
    summary: 'Set the credential for a registry',
    details: 'Builds of the namespace show it to this host, when a `FROM` names it, and to no other.',
    who: 'admin',
    answers: { 200: RegistryCredentialView },
    // not found: somebody removed it at once
    errors: [
      'NAMESPACE_NOT_FOUND',
      'ADDRESS_REFUSED',
      'REGISTRY_CREDENTIAL_LIMIT_REACHED',
      'REGISTRY_CREDENTIAL_NOT_FOUND',
    ],
  })
  async set(
    @Param(NewCredentialParams) { namespace, host }: CredentialPath,
    @Body(parse(SetRegistryCredentialBody)) body: SetRegistryCredentialBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<RegistryCredentialView> {
    assertMayKeepSecrets(caller, namespace);
    await assertMayReach(this.egress, host);
    const command = { namespace, host, body };
    return credentialFor(await this.secrets.setCredential(command, senderOf(caller, request)), host);
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, REGISTRY_CREDENTIAL_NOT_FOUND */
  @Delete(':host')
  @HttpCode(204)
  @Describe({
    section: 'secrets',
    summary: 'Remove the credential for a registry',
    details: 'Builds that have it keep it until they end.',
    who: 'admin',
    answers: { 204: null },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async remove(
    @Param(CredentialParams) { namespace, host }: CredentialPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertMayKeepSecrets(caller, namespace);
    await this.secrets.removeCredential({ namespace, host }, senderOf(caller, request));
  }
}

/** @throws ADDRESS_REFUSED */
async function assertMayReach(egress: Egress, host: string): Promise<void> {
  try {
    await egress.addressOf(host.replace(/:\d+$/, ''), AbortSignal.timeout(LOOKUP_MS));
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, { ...error.details, source: 'host' });
  }
}

/** @throws REGISTRY_CREDENTIAL_NOT_FOUND also when it was removed just after it was set */
function credentialFor(credentials: readonly RegistryCredentialView[], host: string): RegistryCredentialView {
  const found = credentials.find((one) => one.host === host);
  if (!found) throw new AppError('REGISTRY_CREDENTIAL_NOT_FOUND', { host });
  return found;
}
