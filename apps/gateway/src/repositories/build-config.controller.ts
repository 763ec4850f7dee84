import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import {
  BuildConfigView,
  ChangeBuildConfigBody,
  commandSubjects,
  RepositoryEvent,
  type ChangeBuildConfigCommand,
  type RotateDeployKeyCommand,
} from '@slipway/contracts';
import { locateCode, type Caller } from '@slipway/domain';
import { buildConfigView, revisionOf, type ReadModel, type RepositoryRecord } from '@slipway/read-model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { AllowAnonymous, callerIn, CallerOf } from '../auth/token.guard.js';
import { entityTag, ifMatch } from '../http/entity-tag.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import {
  assertMayChange,
  changedRecord,
  RepositoryParams,
  shownTo,
  visibleRepository,
  type RepositoryPath,
} from './repository-access.js';

const REVISION = 'Of the build config, for `If-Match`.';

/** Both answers carry the `ETag` that a later change may name in `If-Match`. */
@Controller('v1/repositories/:namespace/:repo_name/build-config')
export class BuildConfigController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws REPOSITORY_NOT_FOUND */
  @Get()
  @Describe({
    section: 'repositories',
    summary: 'Show the build config',
    who: 'reader',
    answers: { 200: BuildConfigView },
    answerHeaders: { ETag: REVISION },
  })
  @AllowAnonymous()
  async show(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BuildConfigView> {
    return this.answer(shownTo(caller, await visibleRepository(this.readModel, caller, path)), reply);
  }

  /**
   * The set of tag configs from now on. Whether somebody else was faster is decided by the service, not by what a view
   * shows. @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING, BUILD_CONFIG_CHANGED, TAG_CONFIG_UNKNOWN
   */
  @Put()
  @Describe({
    section: 'repositories',
    summary: 'Replace the tag configs',
    details:
      'One with `id` is updated, one without is created, one that is not named is removed. ' +
      'Region and mail stay as they are when they are left out.',
    who: 'admin',
    answers: { 200: BuildConfigView },
    headers: z.object({ 'If-Match': z.string().optional().describe('The `ETag` that the change was made from.') }),
    answerHeaders: { ETag: REVISION },
    errors: [
      'REPOSITORY_CLOSING',
      'BUILD_CONFIG_CHANGED',
      'TAG_CONFIG_UNKNOWN',
      'REF_PATTERN_INVALID',
      'TAG_TEMPLATE_INVALID',
    ],
  })
  async change(
    @Param(RepositoryParams) path: RepositoryPath,
    @Body(parse(ChangeBuildConfigBody)) body: ChangeBuildConfigBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BuildConfigView> {
    const caller = callerIn(request);
    await assertMayChange(this.readModel, caller, path);
    const command: ChangeBuildConfigCommand = {
      ...path,
      body,
      ifMatch: ifMatch(request.headers['if-match']),
    };
    const wish = { subject: commandSubjects.changeBuildConfig, command, events: RepositoryEvent, view: 'repository' };
    const events = await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
    return this.answer(await changedRecord(this.readModel, path, events), reply);
  }

  /** The former key is of no use from now on. @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING */
  @Post('rotate-key')
  @HttpCode(200)
  @Describe({
    section: 'repositories',
    summary: 'Exchange the deploy key for another',
    details: 'Install the new `code_repo_public_key` on the code host: builds over ssh use no other from now on.',
    who: 'admin',
    answers: { 200: BuildConfigView },
    answerHeaders: { ETag: REVISION },
    errors: ['REPOSITORY_CLOSING'],
  })
  async rotateKey(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BuildConfigView> {
    await assertMayChange(this.readModel, caller, path);
    const command: RotateDeployKeyCommand = path;
    const wish = { subject: commandSubjects.rotateDeployKey, command, events: RepositoryEvent, view: 'repository' };
    const events = await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
    return this.answer(await changedRecord(this.readModel, path, events), reply);
  }

  private answer(record: RepositoryRecord, reply: FastifyReply): BuildConfigView {
    void reply.header('etag', entityTag(revisionOf(record)));
    return buildConfigView(record, (source) => locateCode(source, this.settings.hosts));
  }
}
