import type { AgentRegistry, KnownAgent } from '../agents/agent-registry.js';
import type { ReadyAgent } from './capacity.js';

/** Asks for the agents that take jobs now: the same array while nothing has changed. */
export function readyAgents(registry: Pick<AgentRegistry, 'live'>): () => readonly ReadyAgent[] {
  let known: readonly ReadyAgent[] = [];
  let knownAs = '';
  return () => {
    const ready = registry
      .live()
      .filter(({ said }) => said.pausedBy.length === 0)
      .map(agentOf);
    const readyAs = JSON.stringify(ready);
    if (readyAs !== knownAs) known = ready;
    knownAs = readyAs;
    return known;
  };
}

export const agentOf = ({ said }: KnownAgent): ReadyAgent => {
  const { agentId, buildNodes, labels, networkPolicies, slots } = said;
  return { agentId, buildNodes, labels, networkPolicies, slots };
};
