import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import {
  commandSubjects,
  CreateNamespaceBody,
  NamespaceEvent,
  NamespaceView,
  UpdateNamespaceBody,
  type CreateNamespaceCommand,
  type Namespace,
  type PositionedEvent,
  type UpdateNamespaceCommand,
} from '@slipway/contracts';
import { mayActForUser, mayAdminister, roleIn, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import {
  namespaceProjection,
  namespaceView,
  type NamespaceRow,
  type NamespaceScope,
  type ReadModel,
} from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, ROLES, SETTINGS, type CommandBus, type Roles, type Settings } from '../ports.js';
import { assertInside, NamespaceParam } from './namespace-access.js';

@Controller('v1/namespaces')
export class NamespaceController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(ROLES) private readonly roles: Roles,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ACCESS_DENIED for a token that is not good for everything; NAMESPACE_EXISTS */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'namespaces',
    summary: 'Make an organisation',
    details: 'Whoever makes it is its first administrator. A name is a user or an organisation, never both.',
    who: 'user',
    answers: { 201: NamespaceView },
    errors: ['ACCESS_DENIED', 'NAMESPACE_EXISTS'],
  })
  async create(
    @Body(parse(CreateNamespaceBody)) body: CreateNamespaceBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<NamespaceView> {
    if (!mayActForUser(caller)) throw new AppError('ACCESS_DENIED', { source: 'Authorization' });
    const command: CreateNamespaceCommand = body;
    const wish = { subject: commandSubjects.createNamespace, commandId: randomUUID(), command };
    const events = await this.commands.send({ ...wish, ...OF_NAMESPACES }, { caller, request });
    this.roles.forget(caller.name);
    return namespaceView(rowOf(events), 'admin');
  }

  @Get()
  @Describe({
    section: 'namespaces',
    summary: 'List the namespaces of the caller by name',
    details: 'The own one, and those where the caller is a member. Administrators of the system see all.',
    who: 'user',
    answers: { 200: pageOf(NamespaceView) },
  })
  async list(
    @Query(parse(PageQuery)) link: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<NamespaceView>> {
    const { rows, ...page } = await this.readModel.namespaces.list(scopeOf(caller), link);
    const results = rows.flatMap((row) => {
      const role = roleIn(caller, row.name);
      return role ? [namespaceView(row, role)] : [];
    });
    return pageView({ ...page, results }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws NAMESPACE_NOT_FOUND also when the caller may not see it */
  @Get(':namespace')
  @Describe({ section: 'namespaces', summary: 'Show a namespace', who: 'member', answers: { 200: NamespaceView } })
  async show(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @CallerOf() caller: Caller,
  ): Promise<NamespaceView> {
    const role = roleIn(caller, namespace);
    const row = role && (await this.readModel.namespaces.get(namespace));
    if (!row) throw new AppError('NAMESPACE_NOT_FOUND', { namespace });
    return namespaceView(row, role);
  }

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND */
  @Put(':namespace')
  @Describe({ section: 'namespaces', summary: 'Describe a namespace', who: 'admin', answers: { 200: NamespaceView } })
  async update(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @Body(parse(UpdateNamespaceBody)) body: UpdateNamespaceBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<NamespaceView> {
    assertInside(caller, namespace, mayAdminister);
    const command: UpdateNamespaceCommand = { namespace, body };
    const wish = { subject: commandSubjects.updateNamespace, commandId: randomUUID(), command };
    const events = await this.commands.send({ ...wish, ...OF_NAMESPACES }, { caller, request });
    return namespaceView(rowOf(events), 'admin');
  }
}

const OF_NAMESPACES = { events: NamespaceEvent, view: 'namespace' };

/** A robot is no member: it sees the namespace that its token is bound to, as far as it has a role there. */
function scopeOf({ name, isAdmin, roles, onlyNamespace }: Caller): NamespaceScope {
  if (isAdmin) return {};
  if (onlyNamespace === undefined) return { member: name };
  return onlyNamespace in roles ? { name: onlyNamespace } : { member: name, name: onlyNamespace };
}

function rowOf(events: readonly PositionedEvent<NamespaceEvent>[]): NamespaceRow {
  const row = events.reduce<NamespaceRow | undefined>(namespaceProjection.evolve, undefined);
  if (!row) throw new Error('the answer to a command about a namespace holds no namespace');
  return row;
}
