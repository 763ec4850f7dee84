import { Controller, Get, Inject, Param } from '@nestjs/common';
import { BuildHistoryView, type BuildId } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { ReadModel } from '@slipway/read-model';
import { Describe } from '../api/describe.js';
import { AllowAnonymous, CallerOf } from '../auth/token.guard.js';
import { BUILD_HISTORY, READ_MODEL, type BuildHistory } from '../ports.js';
import { BuildIdParam, visibleBuild } from './build-access.js';
import { buildEventView } from './build-history.js';

@Controller('v1/builds/:build_id/events')
export class BuildHistoryController {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(BUILD_HISTORY) private readonly history: BuildHistory,
  ) {}

  /** @throws BUILD_NOT_FOUND */
  @Get()
  @Describe({
    section: 'builds',
    summary: 'List everything that happened to a build',
    details: 'Every event of it, oldest first, with time, actor, cause and place among all events.',
    who: 'reader',
    answers: { 200: BuildHistoryView },
    errors: ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  @AllowAnonymous()
  async list(
    @Param('build_id', BuildIdParam) buildId: BuildId,
    @CallerOf() caller: Caller | undefined,
  ): Promise<BuildHistoryView> {
    await visibleBuild(this.readModel, caller, buildId);
    const events = await this.history.read(buildId);
    return { build_id: buildId, events: events.map(buildEventView) };
  }
}
