import {
  AGENTS_A_PAGE,
  type AgentListQuery,
  type AgentListReply,
  type AgentState,
  type AgentView,
} from '@slipway/contracts';
import type { AgentRegistry, KnownAgent } from './agent-registry.js';

/** One page of what was heard of agents. */
export function listAgents(agents: AgentRegistry, { page }: AgentListQuery): AgentListReply {
  const all = agents.all();
  const from = (page - 1) * AGENTS_A_PAGE;
  return { count: all.length, agents: all.slice(from, from + AGENTS_A_PAGE).map(agentView) };
}

export function agentView(agent: KnownAgent): AgentView {
  const { said, lastSeenAt, sharesId } = agent;
  return {
    id: said.agentId,
    instance_id: said.instanceId,
    shares_id: sharesId,
    state: stateOf(agent),
    paused_by: said.pausedBy,
    draining: isDraining(agent),
    version: said.version,
    build_nodes: said.buildNodes,
    labels: said.labels,
    network_policies: said.networkPolicies,
    slots: said.slots,
    builds: said.builds,
    free_disk_bytes: said.freeDiskBytes,
    started_at: said.startedAt,
    last_seen: lastSeenAt,
  };
}

const isDraining = ({ said: { pausedBy } }: KnownAgent): boolean =>
  pausedBy.includes('draining') || pausedBy.includes('stopping');

function stateOf(agent: KnownAgent): AgentState {
  if (agent.said.isLast) return 'stopped';
  if (!agent.isLive) return 'lost';
  if (isDraining(agent)) return 'draining';
  return agent.said.pausedBy.length > 0 ? 'paused' : 'ready';
}
