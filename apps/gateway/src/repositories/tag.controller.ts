import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { PublicTagView } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { AllowAnonymous, CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { READ_MODEL, SETTINGS, type Settings } from '../ports.js';
import { RepositoryParams, visibleRepository, type RepositoryPath } from './repository-access.js';

@Controller('v1/repositories/:namespace/:repo_name/tags')
export class TagController {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** What users can pull, the one that moved last first. @throws REPOSITORY_NOT_FOUND */
  @Get()
  @Describe({
    section: 'repositories',
    summary: 'List published tags, the one that moved last first',
    who: 'reader',
    answers: { 200: pageOf(PublicTagView) },
  })
  @AllowAnonymous()
  async list(
    @Param(RepositoryParams) path: RepositoryPath,
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller | undefined,
    @Req() request: FastifyRequest,
  ): Promise<PageView<PublicTagView>> {
    const record = await visibleRepository(this.readModel, caller, path);
    const { tags, ...links } = await this.readModel.tags.list(record, { page });
    return pageView({ ...links, results: tags }, absoluteUrl(request, this.settings.publicUrl));
  }
}
