import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { SecretsView, SecretView, SetSecretBody } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { parse } from '../http/parse.js';
import { READ_MODEL, SECRETS, type SecretDesk } from '../ports.js';
import { assertMayChange, RepositoryParams, type RepositoryPath } from '../repositories/repository-access.js';
import {
  named,
  NewRepositorySecretParams,
  RepositorySecretParams,
  type RepositorySecretPath,
} from './secret-access.js';

/** Secrets for the builds of one repository. */
@Controller('v1/repositories/:namespace/:repo_name/secrets')
export class RepositorySecretController {
  constructor(
    @Inject(SECRETS) private readonly secrets: SecretDesk,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /** @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND */
  @Get()
  @Describe({
    section: 'secrets',
    summary: 'List the secrets of a repository, by name',
    details: 'Without those of its namespace. Values are in no answer.',
    who: 'admin',
    answers: { 200: SecretsView },
    errors: ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async list(@Param(RepositoryParams) path: RepositoryPath, @CallerOf() caller: Caller): Promise<SecretsView> {
    await assertMayChange(this.readModel, caller, path);
    return { secrets: [...(await this.secrets.list(path))] };
  }

  /** @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, SECRET_NOT_FOUND */
  @Get(':name')
  @Describe({
    section: 'secrets',
    summary: 'Show a secret of a repository, without its value',
    who: 'admin',
    answers: { 200: SecretView },
    errors: ['REPOSITORY_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async show(
    @Param(RepositorySecretParams) { name, ...path }: RepositorySecretPath,
    @CallerOf() caller: Caller,
  ): Promise<SecretView> {
    await assertMayChange(this.readModel, caller, path);
    return named(await this.secrets.list(path), name);
  }

  /** @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, SECRET_LIMIT_REACHED */
  @Put(':name')
  @Describe({
    section: 'secrets',
    summary: 'Set a secret for the builds of a repository',
    details: 'It takes the place of one that the namespace has under this name.',
    who: 'admin',
    answers: { 200: SecretView },
    errors: ['REPOSITORY_NOT_FOUND', 'SECRET_LIMIT_REACHED', 'SECRET_NOT_FOUND'], // not found: somebody removed it at once
  })
  async set(
    @Param(NewRepositorySecretParams) { name, ...path }: RepositorySecretPath,
    @Body(parse(SetSecretBody)) body: SetSecretBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<SecretView> {
    await assertMayChange(this.readModel, caller, path);
    return named(await this.secrets.set({ ...path, name, body }, senderOf(caller, request)), name);
  }

  /** @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, SECRET_NOT_FOUND */
  @Delete(':name')
  @HttpCode(204)
  @Describe({
    section: 'secrets',
    summary: 'Remove a secret of a repository',
    details: 'From then on builds get the one that the namespace has under this name, if any.',
    who: 'admin',
    answers: { 204: null },
    errors: ['REPOSITORY_NOT_FOUND'],
  })
  async remove(
    @Param(RepositorySecretParams) { name, ...path }: RepositorySecretPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await assertMayChange(this.readModel, caller, path);
    await this.secrets.remove({ ...path, name }, senderOf(caller, request));
  }
}
