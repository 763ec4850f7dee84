import type { BuildSpec, NetworkPolicy } from '@slipway/contracts';

/** An agent that takes jobs now. */
export interface ReadyAgent {
  readonly agentId: string;
  readonly buildNodes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Those that it can hold builds to. */
  readonly networkPolicies: readonly NetworkPolicy[];
  /** Builds at once. */
  readonly slots: number;
}

/** Who may take a build. */
export interface Needs {
  readonly buildNode: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkPolicy: NetworkPolicy;
}

export interface Capacity {
  readonly agents: number;
  readonly slots: number;
  readonly free: number;
}

/** Jobs offered while no agent is known: whoever is there, unheard, still gets work. */
const UNKNOWN_WINDOW = 2;

/** Requests from before there were policies had `full`. */
export const needsOf = ({ buildNode, agentLabels = {}, networkPolicy = 'full' }: BuildSpec): Needs => ({
  buildNode,
  labels: agentLabels,
  networkPolicy,
});

/** Whether an agent of the right build node has every label that is asked for, and can hold a build to its policy. */
export const suits = ({ buildNodes, labels, networkPolicies }: ReadyAgent, needs: Needs): boolean =>
  buildNodes.includes(needs.buildNode) &&
  networkPolicies.includes(needs.networkPolicy) &&
  Object.entries(needs.labels).every(([name, value]) => labels[name] === value);

/** What the agents that suit have room for. Costs as much as there are agents. */
export function capacityOf(agents: readonly ReadyAgent[], runningBy: ReadonlyMap<string, number>): Capacity {
  const sum = (count: (agent: ReadyAgent) => number): number =>
    agents.reduce((total, agent) => total + count(agent), 0);
  return {
    agents: agents.length,
    slots: sum(({ slots }) => slots),
    free: sum(({ agentId, slots }) => Math.max(0, slots - (runningBy.get(agentId) ?? 0))),
  };
}

/**
 * How many jobs may lie in the queue without an agent. The queue is first come, first served, so what lies in it cannot
 * be overtaken: enough for every free slot and a quarter of all, so that a slot that becomes free finds a job there.
 * Beside agents that do not suit and would have to pass it on (`isMixed`): no more than can be taken at once.
 */
export function windowOf({ agents, slots, free }: Capacity, isMixed: boolean): number {
  if (isMixed) return free;
  return agents === 0 ? UNKNOWN_WINDOW : free + Math.max(1, Math.ceil(slots / 4));
}
