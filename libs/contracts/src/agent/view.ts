import { z } from 'zod';
import { BuildId, BuildNode, Instant } from '../names.js';
import { NetworkPolicy } from '../namespace/network-policy.js';
import { AgentDrain, AgentId, AgentLabels, PauseReason } from './heartbeat.js';

/** Rows of one page of agents. */
export const AGENTS_A_PAGE = 20;

export const AgentState = z.enum(['ready', 'paused', 'draining', 'stopped', 'lost']);
export type AgentState = z.infer<typeof AgentState>;

/** One agent as it last said itself. */
export const AgentView = z.object({
  id: AgentId,
  instance_id: z.uuid().describe('One life of a process.'),
  shares_id: z.boolean().describe('Another live agent has the same id: one of them must be given its own.'),
  state: AgentState.describe(
    '`ready` takes jobs; `paused` takes none for now; `draining` takes none and goes on with what it has; ' +
      '`stopped` said that it ends; `lost` was not heard for 15 s.',
  ),
  paused_by: z.array(PauseReason).describe('Why it takes no jobs.'),
  draining: z.boolean(),
  version: z.string(),
  build_nodes: z.array(BuildNode),
  labels: AgentLabels,
  network_policies: z.array(NetworkPolicy).describe('Those that it can hold builds to.'),
  slots: z.int().positive().describe('Builds at once.'),
  builds: z.array(BuildId).describe('Those it is at.'),
  free_disk_bytes: z.int().nonnegative().nullable().describe('Where it has the least; null: not measured.'),
  started_at: Instant,
  last_seen: Instant,
});
export type AgentView = z.infer<typeof AgentView>;

/** On `query.agent.list`: what an orchestrator has heard of the agents, by id, `AGENTS_A_PAGE` at once. */
export const AgentListQuery = z.object({ page: z.int().positive() });
export type AgentListQuery = z.infer<typeof AgentListQuery>;

export const AgentListReply = z.object({ count: z.int().nonnegative(), agents: z.array(AgentView) });
export type AgentListReply = z.infer<typeof AgentListReply>;

/** On `cmd.agent.drain`: all live agents of this id are asked; the answer is an `AgentView`. */
export const DrainAgentRequest = AgentDrain.extend({ agentId: AgentId });
export type DrainAgentRequest = z.infer<typeof DrainAgentRequest>;
