import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import {
  commandSubjects,
  CreatedTokenView,
  CreateTokenBody,
  TokenView,
  UserEvent,
  type IssueTokenCommand,
  type RevokeTokenCommand,
} from '@slipway/contracts';
import { maySeeInside, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { makeToken, tokenHashOf } from '@slipway/platform';
import { tokenView, userTokenProjection, type ReadModel, type UserTokenRow } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, TOKENS, type CommandBus, type Settings, type Tokens } from '../ports.js';
import { assertActsForUser } from './user-access.js';

const TokenParam = parse(z.uuid(), 'TOKEN_NOT_FOUND');

/** The caller's own. */
@Controller('v1/tokens')
export class TokenController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ACCESS_DENIED for a token that is not good for everything; NAMESPACE_NOT_FOUND, TOKEN_LIMIT_REACHED */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'account',
    summary: 'Make a token',
    details: 'It is in this answer and in no other: a request that is repeated under its key is answered without it.',
    who: 'user',
    answers: { 201: CreatedTokenView },
    errors: ['ACCESS_DENIED', 'NAMESPACE_NOT_FOUND', 'USER_NOT_FOUND', 'TOKEN_LIMIT_REACHED'],
  })
  async create(
    @Body(parse(CreateTokenBody)) body: CreateTokenBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<CreatedTokenView> {
    assertActsForUser(caller);
    const { namespace } = body;
    if (namespace !== null && !maySeeInside(caller, namespace))
      throw new AppError('NAMESPACE_NOT_FOUND', { namespace });
    const token = makeToken('user');
    const tokenHash = tokenHashOf(token);
    const command: IssueTokenCommand = { body, tokenHash };
    const wish = { subject: commandSubjects.issueToken, commandId: randomUUID(), command, asked: body };
    const events = await this.commands.send({ ...wish, events: UserEvent, view: 'user' }, { caller, request });
    const row = events.reduce<UserTokenRow | undefined>(userTokenProjection.evolve, undefined);
    if (!row) throw new Error('the answer to the issue of a token holds no token');
    return { ...tokenView(row), token: row.token_hash === tokenHash ? token : null };
  }

  /** @throws ACCESS_DENIED for a token that is not good for everything */
  @Get()
  @Describe({
    section: 'account',
    summary: 'List the own tokens, the oldest first',
    details: 'Those that were not revoked.',
    who: 'user',
    answers: { 200: pageOf(TokenView) },
    errors: ['ACCESS_DENIED'],
  })
  async list(
    @Query(parse(PageQuery)) link: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<TokenView>> {
    assertActsForUser(caller);
    const { rows, ...page } = await this.readModel.users.tokens(caller.name, link);
    return pageView({ ...page, results: rows.map(tokenView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws ACCESS_DENIED for a token that is not good for everything; TOKEN_NOT_FOUND */
  @Delete(':id')
  @HttpCode(204)
  @Describe({
    section: 'account',
    summary: 'Revoke one of the own tokens',
    details: 'At once here, and within seconds where other gateways are asked.',
    who: 'user',
    answers: { 204: null },
    errors: ['ACCESS_DENIED', 'USER_NOT_FOUND'],
  })
  async revoke(
    @Param('id', TokenParam) tokenId: string,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertActsForUser(caller);
    const command: RevokeTokenCommand = { tokenId };
    const wish = { subject: commandSubjects.revokeToken, commandId: randomUUID(), command };
    await this.commands.send({ ...wish, events: UserEvent, view: 'user' }, { caller, request });
    this.tokens.forget(caller.name);
  }
}
