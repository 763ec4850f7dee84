import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import {
  commandSubjects,
  CreateUserBody,
  UpdateUserBody,
  UserEvent,
  UserName,
  UserView,
  type CreateUserCommand,
  type PositionedEvent,
  type UpdateUserCommand,
} from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { userProjection, userView, type ReadModel, type UserRow } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { PASSWORD_LIMIT_MS } from '../auth/sign-in.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, TOKENS, type CommandBus, type Settings, type Tokens } from '../ports.js';
import { assertOperator } from './user-access.js';

/** What cannot be the name of a user is none. */
const UserParam = parse(UserName, 'USER_NOT_FOUND');

@Controller('v1/users')
export class UserController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ACCESS_DENIED, USER_EXISTS, NAMESPACE_EXISTS */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'users',
    summary: 'Create a user',
    details:
      'With a namespace of the same name. An `Idempotency-Key` does not tell one password from another: no digest of it is kept.',
    who: 'operator',
    answers: { 201: UserView },
    errors: ['USER_EXISTS', 'NAMESPACE_EXISTS'],
  })
  async create(
    @Body(parse(CreateUserBody)) body: CreateUserBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<UserView> {
    assertOperator(caller);
    const command: CreateUserCommand = body;
    const asked = { ...body, password: body.password !== null };
    const wish = { subject: commandSubjects.createUser, commandId: randomUUID(), command, asked };
    return userView(rowOf(await this.commands.send({ ...wish, ...OF_USERS }, { caller, request })));
  }

  /** @throws ACCESS_DENIED */
  @Get()
  @Describe({ section: 'users', summary: 'List users by name', who: 'operator', answers: { 200: pageOf(UserView) } })
  async list(
    @Query(parse(PageQuery)) link: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<UserView>> {
    assertOperator(caller);
    const { rows, ...page } = await this.readModel.users.list(link);
    return pageView({ ...page, results: rows.map(userView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws ACCESS_DENIED, USER_NOT_FOUND */
  @Get(':username')
  @Describe({ section: 'users', summary: 'Show a user', who: 'operator', answers: { 200: UserView } })
  async show(@Param('username', UserParam) username: UserName, @CallerOf() caller: Caller): Promise<UserView> {
    assertOperator(caller);
    const row = await this.readModel.users.get(username);
    if (!row) throw new AppError('USER_NOT_FOUND', { username });
    return userView(row);
  }

  /** @throws ACCESS_DENIED, USER_NOT_FOUND, LAST_ADMINISTRATOR, PASSWORD_REFUSED */
  @Put(':username')
  @Describe({
    section: 'users',
    summary: 'Change a user',
    details:
      'What is left out stays. A new password revokes the tokens that were given for the old one. The last active administrator stays one.',
    who: 'operator',
    answers: { 200: UserView },
    errors: ['LAST_ADMINISTRATOR', 'PASSWORD_REFUSED'],
  })
  async update(
    @Param('username', UserParam) username: UserName,
    @Body(parse(UpdateUserBody)) body: UpdateUserBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<UserView> {
    assertOperator(caller);
    return userView(await this.change({ username, body }, { caller, request }));
  }

  /** @throws ACCESS_DENIED, USER_NOT_FOUND, LAST_ADMINISTRATOR */
  @Delete(':username')
  @HttpCode(204)
  @Describe({
    section: 'users',
    summary: 'Deactivate a user',
    details:
      'No token and no login of theirs is good any more, nor any robot of their namespace. What they did stays, and so does their name: `is_active` brings them back, but none of their tokens.',
    who: 'operator',
    answers: { 204: null },
    errors: ['LAST_ADMINISTRATOR'],
  })
  async deactivate(
    @Param('username', UserParam) username: UserName,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertOperator(caller);
    await this.change({ username, body: { is_active: false } }, { caller, request });
  }

  private async change(
    command: UpdateUserCommand,
    from: { readonly caller: Caller; readonly request: FastifyRequest },
  ): Promise<UserRow> {
    const wish = { subject: commandSubjects.updateUser, commandId: randomUUID(), command };
    const events = await this.commands.send({ ...wish, ...OF_USERS }, from);
    this.tokens.forget(command.username);
    return rowOf(events);
  }
}

const OF_USERS = { events: UserEvent, view: 'user', timeoutMs: PASSWORD_LIMIT_MS };

function rowOf(events: readonly PositionedEvent<UserEvent>[]): UserRow {
  const row = events.reduce<UserRow | undefined>(userProjection.evolve, undefined);
  if (!row) throw new Error('the answer to a command about a user holds no user');
  return row;
}
