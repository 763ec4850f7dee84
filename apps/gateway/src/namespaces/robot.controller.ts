import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  type PipeTransform,
} from '@nestjs/common';
import {
  commandSubjects,
  CreatedRobotView,
  CreateRobotBody,
  Namespace,
  RobotEvent,
  RobotLabel,
  robotName,
  RobotView,
  type CreateRobotCommand,
  type RemoveRobotCommand,
} from '@slipway/contracts';
import { mayAdminister, type Caller } from '@slipway/domain';
import { makeToken, tokenHashOf } from '@slipway/platform';
import { robotProjection, robotView, type ReadModel, type RobotRow } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { COMMANDS, READ_MODEL, SETTINGS, TOKENS, type CommandBus, type Settings, type Tokens } from '../ports.js';
import { assertInside, NamespaceParam } from './namespace-access.js';

interface RobotPath {
  readonly namespace: Namespace;
  readonly name: RobotLabel;
}
/** What cannot be the name of a robot is none. */
const RobotParams: PipeTransform<unknown, RobotPath> = parse(
  z.object({ namespace: Namespace, name: RobotLabel }),
  'ROBOT_NOT_FOUND',
);

@Controller('v1/namespaces/:namespace/robots')
export class RobotController {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND, ROBOT_EXISTS, ROBOT_LIMIT_REACHED */
  @Post()
  @HttpCode(201)
  @Describe({
    section: 'namespaces',
    summary: 'Create a robot',
    details:
      'A token of the namespace, with a name and a role there. It is in this answer and in no other: a request that is repeated under its key is answered without it.',
    who: 'admin',
    answers: { 201: CreatedRobotView },
    errors: ['NAMESPACE_NOT_FOUND', 'ROBOT_EXISTS', 'ROBOT_LIMIT_REACHED'],
  })
  async create(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @Body(parse(CreateRobotBody)) body: CreateRobotBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<CreatedRobotView> {
    assertInside(caller, namespace, mayAdminister);
    const token = makeToken('robot');
    const tokenHash = tokenHashOf(token);
    const command: CreateRobotCommand = { namespace, body, tokenHash };
    const asked = { namespace, body };
    const wish = { subject: commandSubjects.createRobot, commandId: randomUUID(), command, asked };
    const events = await this.commands.send({ ...wish, ...OF_ROBOTS }, { caller, request });
    const row = events.reduce<RobotRow | undefined>(robotProjection.evolve, undefined);
    if (!row) throw new Error('the answer to the creation of a robot holds no robot');
    return { ...robotView(row), token: row.token_hash === tokenHash ? token : null };
  }

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND */
  @Get()
  @Describe({
    section: 'namespaces',
    summary: 'List the robots of a namespace by name',
    who: 'admin',
    answers: { 200: pageOf(RobotView) },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async list(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @Query(parse(PageQuery)) link: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<RobotView>> {
    assertInside(caller, namespace, mayAdminister);
    const { rows, ...page } = await this.readModel.robots.list(namespace, link);
    return pageView({ ...page, results: rows.map(robotView) }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND, ROBOT_NOT_FOUND */
  @Delete(':name')
  @HttpCode(204)
  @Describe({
    section: 'namespaces',
    summary: 'Remove a robot',
    details: 'Its token is good no more. What it did stays.',
    who: 'admin',
    answers: { 204: null },
    errors: ['NAMESPACE_NOT_FOUND'],
  })
  async remove(
    @Param(RobotParams) { namespace, name: label }: RobotPath,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertInside(caller, namespace, mayAdminister);
    const command: RemoveRobotCommand = { namespace, label };
    const wish = { subject: commandSubjects.removeRobot, commandId: randomUUID(), command };
    await this.commands.send({ ...wish, ...OF_ROBOTS }, { caller, request });
    this.tokens.forget(robotName(namespace, label));
  }
}

const OF_ROBOTS = { events: RobotEvent, view: 'robot' };
