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
  CodeHostTokenBody,
  CodeHostTokensView,
  CodeHostTokenView,
  HookDeliveryView,
  Namespace,
  StatusHost,
} from '@slipway/contracts';
import { mayAdminister, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { hookDeliveryView, type ReadModel } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { assertInside } from '../namespaces/namespace-access.js';
import { CODE_HOST_TOKENS, READ_MODEL, SETTINGS, type CodeHostTokenDesk, type Settings } from '../ports.js';

interface TokenPath {
  readonly namespace: Namespace;
  readonly client: StatusHost;
}
/** A code host that takes no status can have no token. */
const TokenParams: PipeTransform<unknown, TokenPath> = parse(
  z.object({ namespace: Namespace, client: StatusHost }),
  'CODE_HOST_TOKEN_NOT_FOUND',
);

/** With a token for its code host, what becomes of a namespace's builds is shown at their commits. */
@Controller('v1/namespaces/:namespace/code-hosts')
export class CodeHostTokenController {
  constructor(
    @Inject(CODE_HOST_TOKENS) private readonly tokens: CodeHostTokenDesk,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'code hosts',
    summary: 'List the code hosts that a namespace has a token for',
    who: 'admin',
    answers: { 200: CodeHostTokensView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async list(
    @Param('namespace', parse(Namespace)) namespace: Namespace,
    @CallerOf() caller: Caller,
  ): Promise<CodeHostTokensView> {
    assertMayKeepTokens(caller, namespace);
    return { code_hosts: [...(await this.tokens.list(namespace))] };
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, CODE_HOST_TOKEN_NOT_FOUND */
  @Get(':client')
  @Describe({
    section: 'code hosts',
    summary: 'Tell whether a namespace has a token for a code host, and since when',
    who: 'admin',
    answers: { 200: CodeHostTokenView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async show(@Param(TokenParams) path: TokenPath, @CallerOf() caller: Caller): Promise<CodeHostTokenView> {
    assertMayKeepTokens(caller, path.namespace);
    return tokenOf(await this.tokens.list(path.namespace), path);
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
  @Put(':client')
  @Describe({
    section: 'code hosts',
    summary: 'Set the token of a namespace for a code host',
    details:
      'From now on the commits of its builds get a status there: pending, success or failure. The token may need no more than that: `repo:status` at GitHub, `repository:write` at Bitbucket, `projects` at Gitee.',
    who: 'admin',
    answers: { 200: CodeHostTokenView },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async set(
    @Param(TokenParams) path: TokenPath,
    @Body(parse(CodeHostTokenBody)) body: CodeHostTokenBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<CodeHostTokenView> {
    assertMayKeepTokens(caller, path.namespace);
    return tokenOf(await this.tokens.set({ ...path, body }, senderOf(caller, request)), path);
  }

  /** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, CODE_HOST_TOKEN_NOT_FOUND */
  @Delete(':client')
  @HttpCode(204)
  @Describe({
    section: 'code hosts',
    summary: 'Forget the token of a namespace for a code host',
    details: 'What was due is not told any more.',
    who: 'admin',
    answers: { 204: null },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async remove(
    @Param(TokenParams) path: TokenPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertMayKeepTokens(caller, path.namespace);
    await this.tokens.remove(path, senderOf(caller, request));
  }

  /** Also of a token that is gone. @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
  @Get(':client/deliveries')
  @Describe({
    section: 'code hosts',
    summary: 'List what a code host was told, and what it answered, the newest first',
    details:
      'What fails is tried again, with growing pauses, for 24 hours; a token that the code host refuses is not tried again.',
    who: 'admin',
    answers: { 200: pageOf(HookDeliveryView) },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async deliveries(
    @Param(TokenParams) path: TokenPath,
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<HookDeliveryView>> {
    assertMayKeepTokens(caller, path.namespace);
    const target = { kind: 'commit-status' as const, ...path };
    const { rows, ...links } = await this.readModel.hookDeliveries.list(target, { page });
    return pageView({ ...links, results: rows.map(hookDeliveryView) }, absoluteUrl(request, this.settings.publicUrl));
  }
}

/** A token speaks for somebody elsewhere. @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
const assertMayKeepTokens = (caller: Caller, namespace: string): void => assertInside(caller, namespace, mayAdminister);

function tokenOf(tokens: readonly CodeHostTokenView[], { namespace, client }: TokenPath): CodeHostTokenView {
  const token = tokens.find(({ code_repo_client }) => code_repo_client === client);
  if (!token) throw new AppError('CODE_HOST_TOKEN_NOT_FOUND', { namespace, client });
  return token;
}
