import { randomBytes, randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import {
  AddedHookView,
  commandSubjects,
  HookBody,
  HookEvent,
  HookView,
  Namespace,
  type AddHookCommand,
  type ChangeHookCommand,
  type PositionedEvent,
  type RemoveHookCommand,
} from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { hookProjection, hookView, type HookRow, type ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, type CommandBus, type Settings } from '../ports.js';
import { assertMayKeepHooks, HookParams, shownHook, type HookPath } from './hook-access.js';

/** Of the key of a signature: as long as what SHA-256 makes of it. */
const SECRET_BYTES = 32;

@Controller('v1/namespaces/:namespace/hooks')
export class HookController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Not repeatable under a key: the answer would have to be kept, with the secret in it. @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_LIMIT_REACHED */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'hooks',
    summary: 'Add a hook',
    details: 'The secret of its signatures is in this answer and in no other.',
    who: 'admin',
    answers: { 201: AddedHookView },
    errors: ['NAMESPACE_NOT_FOUND', 'HOOK_LIMIT_REACHED', 'HOOK_NOT_FOUND'], // not found: somebody removed it at once
    idempotent: false,
  })
  async add(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @Body(parse(HookBody)) body: HookBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<AddedHookView> {
    assertMayKeepHooks(caller, namespace);
    const hookId = randomUUID();
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const command: AddHookCommand = { namespace, hookId, body, secret };
    const events = await this.send(commandSubjects.addHook, command, { caller, request });
    return { ...hookView(rowOf(events, hookId)), secret };
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'hooks',
    summary: 'List the hooks of a namespace, the oldest first',
    who: 'admin',
    answers: { 200: pageOf(HookView) },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async list(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<HookView>> {
    assertMayKeepHooks(caller, namespace);
    const { rows, ...links } = await this.readModel.hooks.list(namespace, { page });
    return pageView({ ...links, results: rows.map(hookView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_NOT_FOUND */
  @Get(':id')
  @Describe({
    section: 'hooks',
    summary: 'Show a hook',
    who: 'admin',
    answers: { 200: HookView },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async show(@Param(HookParams) path: HookPath, @CallerOf() caller: Caller): Promise<HookView> {
    return hookView(await shownHook(this.readModel, caller, path));
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_NOT_FOUND */
  @Put(':id')
  @Describe({
    section: 'hooks',
    summary: 'Replace URL, events and whether it is active',
    details: 'The secret stays.',
    who: 'admin',
    answers: { 200: HookView },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async change(
    @Param(HookParams) { namespace, id: hookId }: HookPath,
    @Body(parse(HookBody)) body: HookBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<HookView> {
    assertMayKeepHooks(caller, namespace);
    const command: ChangeHookCommand = { namespace, hookId, body };
    const events = await this.send(commandSubjects.changeHook, command, { caller, request });
    return hookView(rowOf(events, hookId));
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_NOT_FOUND */
  @Delete(':id')
  @HttpCode(204)
  @Describe({
    section: 'hooks',
    summary: 'Remove a hook',
    details: 'What was due is not sent any more.',
    who: 'admin',
    answers: { 204: null },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async remove(
    @Param(HookParams) { namespace, id: hookId }: HookPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertMayKeepHooks(caller, namespace);
    const command: RemoveHookCommand = { namespace, hookId };
    await this.send(commandSubjects.removeHook, command, { caller, request });
  }

  private send(
    subject: string,
    command: AddHookCommand | ChangeHookCommand | RemoveHookCommand,
    from: { readonly caller: Caller; readonly request: FastifyRequest },
  ): Promise<readonly PositionedEvent<HookEvent>[]> {
    return this.commands.send({ subject, commandId: randomUUID(), command, events: HookEvent, view: 'hook' }, from);
  }
}

/** Of all that happened to the hooks of a namespace, what is left of one. @throws HOOK_NOT_FOUND */
function rowOf(events: readonly PositionedEvent<HookEvent>[], hookId: string): HookRow {
  const row = events
    .filter(({ event }) => event.data.hookId === hookId)
    .reduce<HookRow | undefined>(hookProjection.evolve, undefined);
  if (!row) throw new AppError('HOOK_NOT_FOUND', { hook_id: hookId });
  return row;
}
