import type { NatsConnection } from '@nats-io/transport-node';
import {
  AgentListReply,
  AgentView,
  commandSubjects,
  querySubjects,
  type AgentListQuery,
  type DrainAgentRequest,
} from '@slipway/contracts';
import { request } from '@slipway/messaging';

/** What an orchestrator knows of the agents: they are heard, not recorded, so there is no view of them. */
export interface AgentDesk {
  /** From 1. @throws SERVICE_UNAVAILABLE when no orchestrator answers */
  readonly list: (page: number) => Promise<AgentListReply>;
  /** Safe to repeat. @throws AGENT_NOT_FOUND; SERVICE_UNAVAILABLE when no orchestrator answers, or the agent does not */
  readonly drain: (asked: DrainAgentRequest) => Promise<AgentView>;
}

export const agentDesk = (nats: NatsConnection): AgentDesk => ({
  list: (page) => request(nats, querySubjects.agents, { page } satisfies AgentListQuery, { reply: AgentListReply }),
  drain: (asked) => request(nats, commandSubjects.drainAgent, asked, { reply: AgentView }),
});
