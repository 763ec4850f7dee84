import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { Namespace, SecretsView, SecretView, SetSecretBody } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { parse } from '../http/parse.js';
import { SECRETS, type SecretDesk } from '../ports.js';
import { assertMayKeepSecrets, named, NewSecretParams, SecretParams, type SecretPath } from './secret-access.js';

/** Secrets for every build of a namespace. */
@Controller('v1/namespaces/:namespace/secrets')
export class SecretController {
  constructor(@Inject(SECRETS) private readonly secrets: SecretDesk) {}

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'secrets',
    summary: 'List the secrets of a namespace, by name',
    details: 'Values are in no answer.',
    who: 'admin',
    answers: { 200: SecretsView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async list(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @CallerOf() caller: Caller,
  ): Promise<SecretsView> {
    assertMayKeepSecrets(caller, namespace);
    return { secrets: [...(await this.secrets.list({ namespace, repo_name: null }))] };
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, SECRET_NOT_FOUND */
  @Get(':name')
  @Describe({
    section: 'secrets',
    summary: 'Show a secret of a namespace, without its value',
    who: 'admin',
    answers: { 200: SecretView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async show(@Param(SecretParams) { namespace, name }: SecretPath, @CallerOf() caller: Caller): Promise<SecretView> {
    assertMayKeepSecrets(caller, namespace);
    return named(await this.secrets.list({ namespace, repo_name: null }), name);
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, SECRET_LIMIT_REACHED */
  @Put(':name')
  @Describe({
    section: 'secrets',
    summary: 'Set a secret for every build of a namespace',
    details:
      'A Dockerfile reads it with `RUN --mount=type=secret,id=<name>`. It is masked in logs when it has 6 bytes or more.',
    who: 'admin',
    answers: { 200: SecretView },
    errors: ['NAMESPACE_NOT_FOUND', 'SECRET_LIMIT_REACHED', 'SECRET_NOT_FOUND'], // not found: somebody removed it at once
  })
  async set(
    @Param(NewSecretParams) { namespace, name }: SecretPath,
    @Body(parse(SetSecretBody)) body: SetSecretBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<SecretView> {
    assertMayKeepSecrets(caller, namespace);
    const command = { namespace, repo_name: null, name, body };
    return named(await this.secrets.set(command, senderOf(caller, request)), name);
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, SECRET_NOT_FOUND */
  @Delete(':name')
  @HttpCode(204)
  @Describe({
    section: 'secrets',
    summary: 'Remove a secret of a namespace',
    details: 'Builds that have it keep it until they end.',
    who: 'admin',
    answers: { 204: null },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async remove(
    @Param(SecretParams) { namespace, name }: SecretPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertMayKeepSecrets(caller, namespace);
    await this.secrets.remove({ namespace, repo_name: null, name }, senderOf(caller, request));
  }
}
