import { randomBytes, randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import {
  commandSubjects,
  IssuedWebhookView,
  RepositoryEvent,
  WebhookView,
  type IssueWebhookCommand,
} from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl } from '../http/paging.js';
import { COMMANDS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import {
  assertMayChange,
  recordOf,
  RepositoryParams,
  visibleRepository,
  type RepositoryPath,
} from '../repositories/repository-access.js';

const CODE_BYTES = 24;
const SECRET_BYTES = 32;

@Controller('v1/repositories/:namespace/:repo_name/build-config/webhook')
export class WebhookConfigController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Not repeatable under a key: the answer would have to be kept, with the secret in it. */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'webhooks',
    summary: 'Issue URL and secret of the webhook anew',
    details: 'The former ones are of no use from now on. The secret is in this answer and in no other.',
    who: 'admin',
    answers: { 201: IssuedWebhookView },
    errors: ['REPOSITORY_CLOSING', 'WEBHOOK_NOT_FOUND'], // not found: somebody issued another at once
    idempotent: false,
  })
  async issue(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<IssuedWebhookView> {
    await assertMayChange(this.readModel, caller, path);
    const code = randomBytes(CODE_BYTES).toString('base64url');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const command: IssueWebhookCommand = { ...path, code, secret };
    const wish = { subject: commandSubjects.issueWebhook, command, events: RepositoryEvent, view: 'repository' };
    const events = await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
    if (recordOf(events).webhook_code !== code) throw new AppError('WEBHOOK_NOT_FOUND');
    return { ...this.view(code, true, request), secret };
  }

  /** @throws REPOSITORY_NOT_FOUND, ACCESS_DENIED, WEBHOOK_NOT_FOUND */
  @Get()
  @Describe({
    section: 'webhooks',
    summary: 'Show the webhook of a build config',
    who: 'admin',
    answers: { 200: WebhookView },
    errors: ['WEBHOOK_NOT_FOUND'],
  })
  async show(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<WebhookView> {
    await assertMayChange(this.readModel, caller, path);
    const { webhook_code: code, webhook_has_secret: hasSecret } = await visibleRepository(this.readModel, caller, path);
    if (code === null) throw new AppError('WEBHOOK_NOT_FOUND');
    return this.view(code, hasSecret, request);
  }

  private view(code: string, hasSecret: boolean, request: FastifyRequest): WebhookView {
    const url = new URL(`/v1/webhooks/${code}`, absoluteUrl(request, this.settings.publicUrl));
    return { url: url.href, code, has_secret: hasSecret };
  }
}
