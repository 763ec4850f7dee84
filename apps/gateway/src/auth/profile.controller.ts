import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Put, Req } from '@nestjs/common';
import {
  ChangePasswordBody,
  commandSubjects,
  namespaceOfRobot,
  ProfileView,
  UpdateProfileBody,
  UserEvent,
  type ChangePasswordCommand,
  type UpdateUserCommand,
} from '@slipway/contracts';
import { roleIn, type Caller } from '@slipway/domain';
import type { ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { parse } from '../http/parse.js';
import { COMMANDS, LIMITS, READ_MODEL, TOKENS, type CommandBus, type Limits, type Tokens } from '../ports.js';
import { assertActsForUser } from '../users/user-access.js';
import { PASSWORD_LIMIT_MS } from './sign-in.js';
import { CallerOf } from './token.guard.js';

@Controller('v1/auth')
export class ProfileController {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  @Get('profile')
  @Describe({ section: 'account', summary: 'Tell who calls', who: 'user', answers: { 200: ProfileView } })
  async show(@CallerOf() caller: Caller): Promise<ProfileView> {
    const isRobot = namespaceOfRobot(caller.name) !== undefined;
    const user = isRobot ? undefined : await this.readModel.users.get(caller.name);
    return profileOf(caller, user?.email ?? null);
  }

  /** @throws ACCESS_DENIED for a token that is not good for everything */
  @Put('profile')
  @Describe({
    section: 'account',
    summary: 'Change the own address',
    details: 'Mail about builds goes there; null: none.',
    who: 'user',
    answers: { 200: ProfileView },
    errors: ['ACCESS_DENIED', 'USER_NOT_FOUND'],
  })
  async update(
    @Body(parse(UpdateProfileBody)) { email }: UpdateProfileBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ProfileView> {
    assertActsForUser(caller);
    const command: UpdateUserCommand = { username: caller.name, body: { email } };
    const wish = { subject: commandSubjects.updateUser, commandId: randomUUID(), command };
    await this.commands.send({ ...wish, events: UserEvent, view: 'user' }, { caller, request });
    return profileOf(caller, email);
  }

  /** @throws ACCESS_DENIED for a token that is not good for everything; PASSWORD_WRONG, PASSWORD_REFUSED, RATE_LIMITED */
  @Put('password')
  @HttpCode(204)
  @Describe({
    section: 'account',
    summary: 'Change the own password',
    details:
      'Tokens that were given for the old one are revoked, be it that this was asked with one of them. Users of an issuer have none.',
    who: 'user',
    answers: { 204: null },
    errors: ['ACCESS_DENIED', 'USER_NOT_FOUND', 'PASSWORD_WRONG', 'PASSWORD_REFUSED'],
  })
  async changePassword(
    @Body(parse(ChangePasswordBody)) body: ChangePasswordBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertActsForUser(caller);
    this.limits.login(caller.name);
    const command: ChangePasswordCommand = body;
    const wish = { subject: commandSubjects.changePassword, commandId: randomUUID(), command };
    const waited = { events: UserEvent, view: 'user', timeoutMs: PASSWORD_LIMIT_MS };
    await this.commands.send({ ...wish, ...waited }, { caller, request });
    this.tokens.forget(caller.name);
  }
}

const profileOf = (caller: Caller, email: string | null): ProfileView => ({
  username: caller.name,
  email,
  is_admin: caller.isAdmin,
  namespaces: [...new Set([caller.name, ...Object.keys(caller.roles)])].sort().flatMap((name) => {
    const role = roleIn(caller, name);
    return role === undefined ? [] : [{ name, role }];
  }),
});
