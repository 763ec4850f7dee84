import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Put, Req } from '@nestjs/common';
import {
  commandSubjects,
  NamespaceEvent,
  QuotaBody,
  QuotaView,
  type Namespace,
  type SetQuotaCommand,
} from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { assertOperator } from '../auth/operator.js';
import { CallerOf } from '../auth/token.guard.js';
import { parse } from '../http/parse.js';
import { assertInside, NamespaceParam } from '../namespaces/namespace-access.js';
import { COMMANDS, QUOTAS, type CommandBus, type QuotaDesk } from '../ports.js';

@Controller('v1/namespaces/:namespace/quota')
export class QuotaController {
  constructor(
    @Inject(QUOTAS) private readonly quotas: QuotaDesk,
    @Inject(COMMANDS) private readonly commands: CommandBus,
  ) {}

  /** @throws NAMESPACE_NOT_FOUND */
  @Get()
  @Describe({
    section: 'builds',
    summary: 'Tell how many builds a namespace may have, and has',
    details: 'And how long they may run and how much they may log in a calendar month, and what is used of that.',
    who: 'member',
    answers: { 200: QuotaView },
    errors: ['SERVICE_UNAVAILABLE'],
  })
  async show(@Param('namespace', NamespaceParam) namespace: Namespace, @CallerOf() caller: Caller): Promise<QuotaView> {
    assertInside(caller, namespace);
    return this.quotas.of({ namespace });
  }

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND */
  @Put()
  @Describe({
    section: 'builds',
    summary: 'Set the limits of a namespace',
    details:
      'In place of those of the environment, and of what was set before. They hold for what is asked from now on.',
    who: 'operator',
    answers: { 200: QuotaView },
    errors: ['ACCESS_DENIED', 'NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  })
  async set(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @Body(parse(QuotaBody)) body: QuotaBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<QuotaView> {
    assertOperator(caller);
    const command: SetQuotaCommand = { namespace, body };
    const wish = { subject: commandSubjects.setQuota, commandId: randomUUID(), command };
    const events = await this.commands.send(
      { ...wish, events: NamespaceEvent, view: 'namespace' },
      { caller, request },
    );
    return this.quotas.of({ namespace, position: events.at(-1)?.position });
  }
}
