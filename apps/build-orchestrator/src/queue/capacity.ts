import type { AgentTraits } from '@slipway/contracts';

/** An agent that takes jobs now. */
export interface ReadyAgent extends Readonly<AgentTraits> {
  readonly agentId: string;
  /** Builds at once. */
  readonly slots: number;
}

export interface Capacity {
  readonly agents: number;
  readonly slots: number;
  readonly free: number;
}

/** Jobs offered while no agent is known: whoever is there, unheard, still gets work. */
const UNKNOWN_WINDOW = 2;

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
