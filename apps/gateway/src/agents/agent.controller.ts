import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { AgentId, AGENTS_A_PAGE, AgentView } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { assertOperator } from '../auth/operator.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { AGENTS, SETTINGS, type AgentDesk, type Settings } from '../ports.js';

const AgentPath = z.object({ agent_id: AgentId });
type AgentPath = z.infer<typeof AgentPath>;

/** Who runs builds. */
@Controller('v1/agents')
export class AgentController {
  constructor(
    @Inject(AGENTS) private readonly agents: AgentDesk,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'agents',
    summary: 'List the agents',
    details: 'As they last said themselves, by id. One that was not heard for an hour is not listed any more.',
    who: 'operator',
    answers: { 200: pageOf(AgentView) },
    errors: ['ACCESS_DENIED', 'SERVICE_UNAVAILABLE'],
  })
  async list(
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<AgentView>> {
    assertOperator(caller);
    const { count, agents } = await this.agents.list(page);
    const next = page * AGENTS_A_PAGE < count ? { page: page + 1 } : null;
    const previous = page > 1 ? { page: page - 1 } : null;
    return pageView({ count, next, previous, results: agents }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws ACCESS_DENIED; AGENT_NOT_FOUND; SERVICE_UNAVAILABLE */
  @Post(':agent_id/drain')
  @HttpCode(200)
  @Describe({
    section: 'agents',
    summary: 'Take an agent out of service',
    details:
      'It takes no more jobs, and goes on with the builds that it has. It stays so, over its restarts too, until the ' +
      'drain is ended. The answer is what the agent says of itself then; 503 when it does not answer.',
    who: 'operator',
    answers: { 200: AgentView },
    errors: ['ACCESS_DENIED', 'AGENT_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  })
  drain(@Param(parse(AgentPath)) { agent_id }: AgentPath, @CallerOf() caller: Caller): Promise<AgentView> {
    return this.#setDraining(agent_id, caller, true);
  }

  /** @throws ACCESS_DENIED; AGENT_NOT_FOUND; SERVICE_UNAVAILABLE */
  @Delete(':agent_id/drain')
  @Describe({
    section: 'agents',
    summary: 'Put an agent back into service',
    details: 'It takes jobs again. 503 when it does not answer.',
    who: 'operator',
    answers: { 200: AgentView },
    errors: ['ACCESS_DENIED', 'AGENT_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  })
  endDrain(@Param(parse(AgentPath)) { agent_id }: AgentPath, @CallerOf() caller: Caller): Promise<AgentView> {
    return this.#setDraining(agent_id, caller, false);
  }

  async #setDraining(agentId: string, caller: Caller, isDraining: boolean): Promise<AgentView> {
    assertOperator(caller);
    return this.agents.drain({ agentId, isDraining, by: caller.name });
  }
}
