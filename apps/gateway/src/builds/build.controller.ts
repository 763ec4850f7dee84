import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  BuildEvent,
  BuildListItem,
  BuildView,
  type BuildId,
  commandSubjects,
  type EndBuildCommand,
  RequestBuildBody,
  type PositionedEvent,
  type RebuildCommand,
  type RequestBuildCommand,
} from '@slipway/contracts';
import { mayBuild, mayRead, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { annotate } from '@slipway/platform';
import { buildListItem, buildProjection, buildView, type BuildRow, type ReadModel } from '@slipway/read-model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import { BuildIdParam, visibleBuild, visibleScope } from './build-access.js';
import { filterOf, ListQuery, scopeOf } from './build-queries.js';

@Controller('v1/builds')
export class BuildController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** 201 as soon as the wish is durable. @throws REPOSITORY_NOT_FOUND, TAG_CONFIG_NOT_FOUND, ACCESS_DENIED */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'builds',
    summary: 'Ask for a build',
    details: '201 as soon as the wish is durable; follow `GET /v1/builds/{build_id}` for what becomes of it.',
    who: 'builder',
    answers: { 201: BuildView },
    errors: [
      'ACCESS_DENIED',
      'REPOSITORY_NOT_FOUND',
      'REPOSITORY_CLOSING',
      'TAG_CONFIG_NOT_FOUND',
      'REF_REQUIRED',
      'REF_NOT_MATCHED',
      'IMAGE_TAG_INVALID',
      'CODE_HOST_CLOSED',
      'QUOTA_EXCEEDED',
    ],
  })
  async request(
    @Body(parse(RequestBuildBody)) body: RequestBuildBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<BuildView> {
    await this.assertMayBuild(caller, body);
    const buildId = randomUUID();
    annotate({ 'slipway.build_id': buildId, 'slipway.repository': `${body.namespace}/${body.repo_name}` });
    const command: RequestBuildCommand = { ...body, buildId };
    const wish = { subject: commandSubjects.requestBuild, commandId: buildId, command, asked: body };
    return viewOf(await this.commands.send({ ...wish, ...OF_BUILDS }, { caller, request }));
  }

  /**
   * A new build from the same frozen inputs and the same commit.
   * @throws BUILD_NOT_FOUND, BUILD_COMMIT_UNKNOWN, REPOSITORY_NOT_FOUND, ACCESS_DENIED
   */
  @Post(':build_id/rebuild')
  @HttpCode(201)
  @Describe({
    section: 'builds',
    summary: 'Make a build again',
    details: 'A new build from the same frozen inputs and the same commit.',
    who: 'builder',
    answers: { 201: BuildView },
    errors: ['ACCESS_DENIED', 'BUILD_COMMIT_UNKNOWN', 'REPOSITORY_NOT_FOUND', 'REPOSITORY_CLOSING', 'QUOTA_EXCEEDED'],
  })
  async rebuild(
    @Param('build_id', BuildIdParam) originalId: BuildId,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<BuildView> {
    const { namespace } = await visibleBuild(this.readModel, caller, originalId);
    if (!mayBuild(caller, namespace)) throw new AppError('ACCESS_DENIED', { namespace });
    const buildId = randomUUID();
    annotate({ 'slipway.build_id': buildId });
    const command: RebuildCommand = { buildId, originalId };
    const wish = { subject: commandSubjects.rebuild, commandId: buildId, command, asked: { originalId } };
    return viewOf(await this.commands.send({ ...wish, ...OF_BUILDS }, { caller, request }));
  }

  @Get()
  @Describe({
    section: 'builds',
    summary: 'List builds, newest first',
    details:
      'Without `namespace` and `repo_name`: those that the caller asked for. Others see those of public repositories by name.',
    who: 'member',
    answers: { 200: pageOf(BuildListItem) },
  })
  async list(
    @Query(parse(ListQuery)) query: ListQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<BuildListItem>> {
    const scope = await visibleScope(this.readModel, caller, scopeOf(query, caller));
    const url = absoluteUrl(request, this.settings.publicUrl);
    if (!scope) return pageView(EMPTY, url);
    const { rows, ...page } = await this.readModel.builds.list(scope, query, filterOf(query));
    return pageView({ ...page, results: rows.map(buildListItem) }, url);
  }

  /**
   * What the caller could see decides: an open build is cancelled, an ended one leaves the lists. 202 while an agent has
   * still to stop. Harmless when repeated. @throws BUILD_NOT_FOUND, BUILD_PUBLISHING, ACCESS_DENIED
   */
  @Delete(':build_id')
  @Describe({
    section: 'builds',
    summary: 'Cancel a build, or remove one that has ended',
    details:
      'A build that waits is cancelled at once. One that runs is `cancelling` (202) until its agent has stopped; from then on nothing of it is published. One that has ended leaves the lists; `GET /v1/builds/{build_id}` and its events stay.',
    who: 'builder',
    answers: { 202: null, 204: null },
    errors: ['ACCESS_DENIED', 'BUILD_PUBLISHING'],
  })
  async end(
    @Param('build_id', BuildIdParam) buildId: BuildId,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { namespace, ended_at } = await visibleBuild(this.readModel, caller, buildId);
    if (!mayBuild(caller, namespace)) throw new AppError('ACCESS_DENIED', { namespace });
    const command: EndBuildCommand = { buildId, wasOpen: ended_at === null };
    const wish = { subject: commandSubjects.endBuild, commandId: randomUUID(), command };
    const [last] = await this.commands.send({ ...wish, ...OF_BUILDS }, { caller, request });
    reply.status(last?.event.type === 'CancelRequested' ? 202 : 204);
  }

  /** Whoever may write in the namespace is told by the service what there is; the others only of what they may see. */
  private async assertMayBuild(caller: Caller, { namespace, repo_name }: RequestBuildBody): Promise<void> {
    if (mayBuild(caller, namespace)) return;
    const repository = await this.readModel.repositories.get(namespace, repo_name);
    const isVisible = repository && mayRead(caller, { namespace, isPublic: repository.is_public });
    throw new AppError(isVisible ? 'ACCESS_DENIED' : 'REPOSITORY_NOT_FOUND', { namespace, repo_name });
  }
}

/** What every wish about builds has in common. */
const OF_BUILDS = { events: BuildEvent, view: 'build' };

const EMPTY = { count: 0, next: null, previous: null, results: [] };

function viewOf(events: readonly PositionedEvent<BuildEvent>[]): BuildView {
  const row = events.reduce<BuildRow | undefined>(buildProjection.evolve, undefined);
  if (!row) throw new Error('the answer to a build request holds no build');
  return buildView(row);
}
