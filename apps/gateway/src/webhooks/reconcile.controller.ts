import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ReconcileView } from '@slipway/contracts';
import { mayBuild, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { webhookAnswerView, type ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { DELIVERIES, READ_MODEL, type DeliveryDesk } from '../ports.js';
import { RepositoryParams, visibleRepository, type RepositoryPath } from '../repositories/repository-access.js';
import { rowOf } from './delivery-row.js';

@Controller('v1/repositories/:namespace/:repo_name/build-config/reconcile')
export class ReconcileController {
  constructor(
    @Inject(DELIVERIES) private readonly deliveries: DeliveryDesk,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /** @throws REPOSITORY_NOT_FOUND, ACCESS_DENIED, and what the service says of the look */
  @Post()
  @HttpCode(200)
  @Describe({
    section: 'webhooks',
    summary: 'Look now for pushes that nobody told of',
    details:
      'Asks the code host where branches and tags are, and builds what no webhook told of; one that comes late starts ' +
      'nothing then. Works also for code at a URL, and where nothing is compared at intervals.',
    who: 'builder',
    answers: { 200: ReconcileView },
    idempotent: false, // a second look finds what is new since
    errors: ['REPOSITORY_CLOSING', 'REFS_NOT_COMPARED', 'CODE_HOST_REFUSED'],
  })
  async checkNow(
    @Param(RepositoryParams) path: RepositoryPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ReconcileView> {
    await visibleRepository(this.readModel, caller, path);
    if (!mayBuild(caller, path.namespace)) throw new AppError('ACCESS_DENIED', { ...path });
    const { events, checkedAt, isFirst } = await this.deliveries.reconcile(path, senderOf(caller, request));
    const looked = { is_first: isFirst, checked_at: checkedAt };
    if (events.length > 0) return { ...webhookAnswerView(rowOf(events)), ...looked };
    return { builds: [], skipped: [], delivery_id: null, status: 'done', waiting_for: null, ...looked };
  }
}
