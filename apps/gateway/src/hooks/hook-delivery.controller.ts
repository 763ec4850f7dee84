import { randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, type PipeTransform } from '@nestjs/common';
import {
  commandSubjects,
  HookDeliveryView,
  Namespace,
  NotificationEvent,
  type ReplayHookDeliveryCommand,
} from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { hookDeliveryProjection, hookDeliveryView, type HookDeliveryRow, type ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import { assertMayKeepHooks, HookParams, shownHook, type HookPath } from './hook-access.js';

interface DeliveryPath extends HookPath {
  readonly delivery_id: string;
}
const DeliveryParams: PipeTransform<unknown, DeliveryPath> = parse(
  z.object({ namespace: Namespace, id: z.uuid(), delivery_id: z.uuid() }),
  'HOOK_DELIVERY_NOT_FOUND',
);

@Controller('v1/namespaces/:namespace/hooks/:id/deliveries')
export class HookDeliveryController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_NOT_FOUND */
  @Get()
  @Describe({
    section: 'hooks',
    summary: 'List what was sent, and what came back, the newest first',
    details: 'A request that fails is tried again, with growing pauses, for 24 hours.',
    who: 'admin',
    answers: { 200: pageOf(HookDeliveryView) },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async list(
    @Param(HookParams) path: HookPath,
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<HookDeliveryView>> {
    const { hook_id: hookId, namespace } = await shownHook(this.readModel, caller, path);
    const target = { kind: 'hook' as const, namespace, hookId };
    const { rows, ...links } = await this.readModel.hookDeliveries.list(target, { page });
    return pageView({ ...links, results: rows.map(hookDeliveryView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_DELIVERY_NOT_FOUND, HOOK_DELIVERY_PENDING */
  @Post(':delivery_id/replay')
  @HttpCode(202)
  @Describe({
    section: 'hooks',
    summary: 'Send it once more',
    details: 'The same request under the same `id`, to where the hook points now.',
    who: 'admin',
    answers: { 202: HookDeliveryView },
    errors: ['NAMESPACE_NOT_FOUND', 'HOOK_DELIVERY_PENDING'],
  })
  async replay(
    @Param(DeliveryParams) { namespace, id: hookId, delivery_id: deliveryId }: DeliveryPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<HookDeliveryView> {
    assertMayKeepHooks(caller, namespace);
    const command: ReplayHookDeliveryCommand = { namespace, hookId, deliveryId };
    const wish = { subject: commandSubjects.replayHookDelivery, command, events: NotificationEvent };
    const events = await this.commands.send(
      { ...wish, commandId: randomUUID(), view: 'hook_delivery' },
      { caller, request },
    );
    const row = events.reduce<HookDeliveryRow | undefined>(hookDeliveryProjection.evolve, undefined);
    if (!row) throw new AppError('HOOK_DELIVERY_NOT_FOUND', { delivery_id: deliveryId });
    return hookDeliveryView(row);
  }
}
