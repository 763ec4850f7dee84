import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import {
  commandSubjects,
  CreateRepositoryBody,
  Namespace,
  RepositoryEvent,
  RepositoryView,
  UpdateRepositoryBody,
  type CreateRepositoryCommand,
  type DeleteRepositoryCommand,
  type UpdateRepositoryCommand,
} from '@slipway/contracts';
import { locateCode, mayAdminister, maySeeInside, type Caller } from '@slipway/domain';
import type { Egress } from '@slipway/egress';
import { repositoryView, type ReadModel, type RepositoryRecord } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { AllowAnonymous, CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { assertInside } from '../namespaces/namespace-access.js';
import { COMMANDS, EGRESS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import { assertMayClone } from './clone-url-check.js';
import {
  assertMayChange,
  changedRecord,
  recordOf,
  RepositoryParams,
  shownTo,
  visibleRepository,
  type RepositoryPath,
} from './repository-access.js';

@Controller('v1/repositories/:namespace')
export class RepositoryController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EGRESS) private readonly egress: Egress,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, REPOSITORY_EXISTS, CODE_HOST_CLOSED, ADDRESS_REFUSED */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'repositories',
    summary: 'Create an image repository',
    details: 'In a namespace that is not there yet, an administrator of the system makes an organisation with it.',
    who: 'admin',
    answers: { 201: RepositoryView },
    // No repository: somebody deleted it at once.
    errors: [
      'NAMESPACE_NOT_FOUND',
      'REPOSITORY_EXISTS',
      'CODE_HOST_CLOSED',
      'REF_PATTERN_INVALID',
      'TAG_TEMPLATE_INVALID',
      'ADDRESS_REFUSED',
      'REPOSITORY_NOT_FOUND',
    ],
  })
  async create(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @Body(parse(CreateRepositoryBody)) body: CreateRepositoryBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<RepositoryView> {
    assertInside(caller, namespace, mayAdminister);
    await assertMayClone(this.egress, body.build_config);
    const command: CreateRepositoryCommand = { namespace, body };
    const wish = { subject: commandSubjects.createRepository, command, events: RepositoryEvent, view: 'repository' };
    const events = await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
    return this.viewOf(recordOf(events));
  }

  @Get()
  @Describe({
    section: 'repositories',
    summary: 'List the image repositories of a namespace',
    details: 'Those that the caller may see.',
    who: 'reader',
    answers: { 200: pageOf(RepositoryView) },
  })
  @AllowAnonymous()
  async list(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller | undefined,
    @Req() request: FastifyRequest,
  ): Promise<PageView<RepositoryView>> {
    const scope = { namespace, publicOnly: !maySeeInside(caller, namespace) };
    const { records, ...links } = await this.readModel.repositories.list(scope, { page });
    const results = records.map((record) => this.viewOf(shownTo(caller, record)));
    return pageView({ ...links, results }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws REPOSITORY_NOT_FOUND */
  @Get(':repo_name')
  @Describe({
    section: 'repositories',
    summary: 'Show an image repository',
    who: 'reader',
    answers: { 200: RepositoryView },
  })
  @AllowAnonymous()
  async show(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller | undefined,
  ): Promise<RepositoryView> {
    return this.viewOf(shownTo(caller, await visibleRepository(this.readModel, caller, path)));
  }

  /** What is left out stays. @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING */
  @Put(':repo_name')
  @Describe({
    section: 'repositories',
    summary: 'Change descriptions and visibility',
    details: 'What is left out stays.',
    who: 'admin',
    answers: { 200: RepositoryView },
    errors: ['REPOSITORY_CLOSING'],
  })
  async update(
    @Param(RepositoryParams) path: RepositoryPath,
    @Body(parse(UpdateRepositoryBody)) body: UpdateRepositoryBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<RepositoryView> {
    await assertMayChange(this.readModel, caller, path);
    const command: UpdateRepositoryCommand = { ...path, body };
    const wish = { subject: commandSubjects.updateRepository, command, events: RepositoryEvent, view: 'repository' };
    const events = await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
    return this.viewOf(await changedRecord(this.readModel, path, events));
  }

  /** Its builds and everything that happened stay. @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND, REPOSITORY_BUSY */
  @Delete(':repo_name')
  @HttpCode(204)
  @Describe({
    section: 'repositories',
    summary: 'Delete an image repository',
    details: 'Refused while a build of it waits or runs. Its builds, and everything that happened, stay.',
    who: 'admin',
    answers: { 204: null },
    errors: ['REPOSITORY_BUSY', 'REPOSITORY_CLOSING'],
  })
  async remove(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await assertMayChange(this.readModel, caller, path);
    const command: DeleteRepositoryCommand = path;
    const wish = { subject: commandSubjects.deleteRepository, command, events: RepositoryEvent, view: 'repository' };
    await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
  }

  private viewOf(record: RepositoryRecord): RepositoryView {
    return repositoryView(record, (source) => locateCode(source, this.settings.hosts));
  }
}
