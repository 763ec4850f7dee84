import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Put,
  Query,
  Req,
  type PipeTransform,
} from '@nestjs/common';
import {
  commandSubjects,
  MemberBody,
  MemberView,
  Namespace,
  NamespaceEvent,
  UserName,
  type GiveRoleCommand,
  type PositionedEvent,
  type RemoveMemberCommand,
} from '@slipway/contracts';
import { mayAdminister, mayLeave, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { memberProjection, memberView, type MemberRow, type ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, ROLES, SETTINGS, type CommandBus, type Roles, type Settings } from '../ports.js';
import { assertInside, NamespaceParam } from './namespace-access.js';

interface MemberPath {
  readonly namespace: Namespace;
  readonly username: UserName;
}
const path = z.object({ namespace: Namespace, username: UserName });
/** What cannot be the name of a user is none, nor a member. */
const UserParams: PipeTransform<unknown, MemberPath> = parse(path, 'USER_NOT_FOUND');
const MemberParams: PipeTransform<unknown, MemberPath> = parse(path, 'MEMBER_NOT_FOUND');

@Controller('v1/namespaces/:namespace/members')
export class MemberController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(ROLES) private readonly roles: Roles,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws NAMESPACE_NOT_FOUND */
  @Get()
  @Describe({
    section: 'namespaces',
    summary: 'List the members of a namespace by name',
    who: 'member',
    answers: { 200: pageOf(MemberView) },
  })
  async list(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @Query(parse(PageQuery)) link: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<MemberView>> {
    assertInside(caller, namespace);
    const { rows, ...page } = await this.readModel.namespaces.members(namespace, link);
    return pageView({ ...page, results: rows.map(memberView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND, USER_NOT_FOUND, LAST_ADMIN */
  @Put(':username')
  @Describe({
    section: 'namespaces',
    summary: 'Give a user a role in a namespace',
    details: 'Makes the user a member, or changes what the member may do.',
    who: 'admin',
    answers: { 200: MemberView },
    errors: ['NAMESPACE_NOT_FOUND', 'LAST_ADMIN', 'MEMBER_NOT_FOUND'], // not found: somebody removed them at once
  })
  async giveRole(
    @Param(UserParams) { namespace, username }: MemberPath,
    @Body(parse(MemberBody)) body: MemberBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<MemberView> {
    assertInside(caller, namespace, mayAdminister);
    const command: GiveRoleCommand = { namespace, username, body };
    const events = await this.send(commandSubjects.giveRole, command, { caller, request });
    return memberView(rowOf(events, command));
  }

  /** Administrators remove anybody, the others themselves. @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND, MEMBER_NOT_FOUND, LAST_ADMIN */
  @Delete(':username')
  @HttpCode(204)
  @Describe({
    section: 'namespaces',
    summary: 'Remove a member, or leave',
    details: 'Every member may leave; the last administrator makes another one first.',
    who: 'admin',
    answers: { 204: null },
    errors: ['NAMESPACE_NOT_FOUND', 'LAST_ADMIN'],
  })
  async remove(
    @Param(MemberParams) { namespace, username }: MemberPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    if (username !== caller.name || !mayLeave(caller, namespace)) assertInside(caller, namespace, mayAdminister);
    await this.send(commandSubjects.removeMember, { namespace, username }, { caller, request });
  }

  private async send(
    subject: string,
    command: GiveRoleCommand | RemoveMemberCommand,
    from: { readonly caller: Caller; readonly request: FastifyRequest },
  ): Promise<readonly PositionedEvent<NamespaceEvent>[]> {
    const wish = { subject, commandId: randomUUID(), command, events: NamespaceEvent, view: 'namespace' };
    const events = await this.commands.send(wish, from);
    this.roles.forget(command.username);
    return events;
  }
}

/** Of all that happened in a namespace, what is left of one member. @throws MEMBER_NOT_FOUND */
function rowOf(
  events: readonly PositionedEvent<NamespaceEvent>[],
  { namespace, username }: { readonly namespace: string; readonly username: string },
): MemberRow {
  const row = events
    .filter(({ event: { data } }) => 'username' in data && data.username === username)
    .reduce<MemberRow | undefined>(memberProjection.evolve, undefined);
  if (!row) throw new AppError('MEMBER_NOT_FOUND', { namespace, username });
  return row;
}
