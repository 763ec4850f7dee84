import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { AGENTS_A_PAGE, AgentView } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { assertOperator } from '../auth/operator.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageNumber, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { AGENTS, SETTINGS, type AgentDesk, type Settings } from '../ports.js';

const AgentsQuery = z.object({ page: PageNumber });
type AgentsQuery = z.infer<typeof AgentsQuery>;

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
    @Query(parse(AgentsQuery)) { page }: AgentsQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<AgentView>> {
    assertOperator(caller);
    const { count, agents } = await this.agents.list(page);
    const next = page * AGENTS_A_PAGE < count ? { page: page + 1 } : null;
    const previous = page > 1 ? { page: page - 1 } : null;
    return pageView({ count, next, previous, results: agents }, absoluteUrl(request, this.settings.publicUrl));
  }
}
