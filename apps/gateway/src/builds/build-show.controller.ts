import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ShownBuildView, type BuildId } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { buildView, type ReadModel } from '@slipway/read-model';
import { Describe } from '../api/describe.js';
import { AllowAnonymous, CallerOf } from '../auth/token.guard.js';
import { parse } from '../http/parse.js';
import { BUILD_HISTORY, BUILD_PLACES, READ_MODEL, type BuildHistory, type BuildPlaces } from '../ports.js';
import { BuildIdParam, visibleBuild } from './build-access.js';
import { rowAsOf } from './build-history.js';
import { queueViewOf } from './build-places.js';
import { ShowQuery } from './build-queries.js';

@Controller('v1/builds/:build_id')
export class BuildShowController {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(BUILD_HISTORY) private readonly history: BuildHistory,
    @Inject(BUILD_PLACES) private readonly places: BuildPlaces,
  ) {}

  /** As it is, or as it was. @throws BUILD_NOT_FOUND also for a time before it was requested */
  @Get()
  @Describe({
    section: 'builds',
    summary: 'Show a build as it is, or as it was',
    who: 'reader',
    answers: { 200: ShownBuildView },
    errors: ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  @AllowAnonymous()
  async show(
    @Param('build_id', BuildIdParam) buildId: BuildId,
    @Query(parse(ShowQuery)) { as_of: asOf }: ShowQuery,
    @CallerOf() caller: Caller | undefined,
  ): Promise<ShownBuildView> {
    const row = await visibleBuild(this.readModel, caller, buildId);
    if (asOf === undefined)
      return {
        ...buildView(row),
        queue: await queueViewOf({ places: this.places, builds: this.readModel.builds }, row),
      };
    const then = rowAsOf(await this.history.read(buildId), asOf);
    if (!then) throw new AppError('BUILD_NOT_FOUND', { buildId });
    return { ...buildView(then), queue: null };
  }
}
