import { randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, type PipeTransform } from '@nestjs/common';
import {
  commandSubjects,
  DeliveryEvent,
  DeliveryView,
  Namespace,
  RepoName,
  ReplayView,
  type ReplayDeliveryCommand,
} from '@slipway/contracts';
import { mayBuild, maySeeInside, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { deliveryView, replayView, type DeliveryRow, type ReadModel, type RepositoryRecord } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import { RepositoryParams, visibleRepository, type RepositoryPath } from '../repositories/repository-access.js';
import { rowOf } from './delivery-row.js';

const ReplayQuery = z.object({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: only say what would be built and why the rest would not; nothing is stored.'),
});
type ReplayQuery = z.infer<typeof ReplayQuery>;

interface DeliveryPath extends RepositoryPath {
  readonly id: string;
}
const DeliveryParams: PipeTransform<unknown, DeliveryPath> = parse(
  z.object({
    namespace: Namespace,
    repo_name: RepoName,
    id: z
      .string()
      .min(1)
      .max(64)
      .meta({ examples: ['72d3162e-cc78-11e3-81ab-4c9367dc0958'] }),
  }),
  'DELIVERY_NOT_FOUND',
);

@Controller('v1/repositories/:namespace/:repo_name/deliveries')
export class DeliveryController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws REPOSITORY_NOT_FOUND, ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'webhooks',
    summary: 'List what a code host sent, the newest first',
    details: 'The newest 1,000 of a repository.',
    who: 'member',
    answers: { 200: pageOf(DeliveryView) },
    errors: ['ACCESS_DENIED'],
  })
  async list(
    @Param(RepositoryParams) path: RepositoryPath,
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<DeliveryView>> {
    const { config_id: configId } = await this.repositoryInside(caller, path);
    const { rows, ...links } = await this.readModel.deliveries.list(configId, { page });
    return pageView({ ...links, results: rows.map(deliveryView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws REPOSITORY_NOT_FOUND, ACCESS_DENIED, DELIVERY_NOT_FOUND */
  @Get(':id')
  @Describe({
    section: 'webhooks',
    summary: 'Show what a code host sent, and what became of it',
    who: 'member',
    answers: { 200: DeliveryView },
    errors: ['REPOSITORY_NOT_FOUND', 'ACCESS_DENIED'],
  })
  async show(@Param(DeliveryParams) path: DeliveryPath, @CallerOf() caller: Caller): Promise<DeliveryView> {
    return deliveryView(await this.deliveryOf(await this.repositoryInside(caller, path), path.id));
  }

  /** @throws REPOSITORY_NOT_FOUND, ACCESS_DENIED, DELIVERY_NOT_FOUND, DELIVERY_UNFINISHED */
  @Post(':id/replay')
  @HttpCode(200)
  @Describe({
    section: 'webhooks',
    summary: 'Look at a delivery again, as if it came now',
    details: 'Builds are new ones, and only of what the build config is for by now.',
    who: 'builder',
    answers: { 200: ReplayView },
    errors: ['REPOSITORY_NOT_FOUND', 'DELIVERY_UNFINISHED'],
  })
  async replay(
    @Param(DeliveryParams) path: DeliveryPath,
    @Query(parse(ReplayQuery)) { dry_run: dry }: ReplayQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ReplayView> {
    const { id: deliveryId, namespace, repo_name } = path;
    const record = await this.repositoryInside(caller, path);
    if (!mayBuild(caller, namespace)) throw new AppError('ACCESS_DENIED', { namespace, repo_name });
    const { code } = await this.deliveryOf(record, deliveryId);
    const dryRun = dry === 'true';
    const command: ReplayDeliveryCommand = { namespace, repo_name, deliveryId, code, dryRun };
    const wish = { subject: commandSubjects.replayDelivery, command, events: DeliveryEvent, view: 'delivery' };
    const events = await this.commands.send({ ...wish, commandId: randomUUID() }, { caller, request });
    return replayView(rowOf(events), dryRun);
  }

  private async deliveryOf({ config_id: configId }: RepositoryRecord, id: string): Promise<DeliveryRow> {
    const row = await this.readModel.deliveries.get(configId, id);
    if (!row) throw new AppError('DELIVERY_NOT_FOUND', { id });
    return row;
  }

  /** What is pushed where is nobody's business outside, also where the images are public. */
  private async repositoryInside(caller: Caller, { namespace, repo_name }: RepositoryPath): Promise<RepositoryRecord> {
    const record = await visibleRepository(this.readModel, caller, { namespace, repo_name });
    if (!maySeeInside(caller, namespace)) throw new AppError('ACCESS_DENIED', { namespace, repo_name });
    return record;
  }
}
