import type { AgentHeartbeat } from '@slipway/contracts';

/** Three heartbeats that did not come, ms. */
export const LOST_MS = 15_000;
/** What is not live is shown for so long, ms. */
const FORGET_MS = 60 * 60_000;

/** One life of an agent, as it last said itself. */
export interface KnownAgent {
  readonly said: AgentHeartbeat;
  /** By the clock of the orchestrator that heard it, ISO 8601. */
  readonly lastSeenAt: string;
  /** It was heard lately, and did not say goodbye. */
  readonly isLive: boolean;
  /** Another live agent has the same id. */
  readonly sharesId: boolean;
}

interface Heard {
  readonly said: AgentHeartbeat;
  readonly lastSeenAt: string;
  /** Steady, ms. */
  readonly heardAt: number;
}

/**
 * The agents that an orchestrator has heard. Soft state: each orchestrator has its own, and a new one knows them all as
 * soon as they have answered its call.
 */
export class AgentRegistry {
  readonly #heard = new Map<string, Heard>();

  /** `steadyMs`: a clock that never jumps. `onShared`: told once when a second live agent says the id of another. */
  constructor(
    private readonly steadyMs: () => number,
    private readonly onShared: (agentId: string) => void = () => {},
  ) {}

  hear(said: AgentHeartbeat, lastSeenAt: string): void {
    const isNew = !this.#heard.has(said.instanceId);
    this.#heard.set(said.instanceId, { said, lastSeenAt, heardAt: this.steadyMs() });
    if (!isNew) return;
    this.#forget(said);
    if (this.live().some(({ said: { agentId }, sharesId }) => sharesId && agentId === said.agentId))
      this.onShared(said.agentId);
  }

  /** By id. */
  all(): readonly KnownAgent[] {
    const heard = [...this.#heard.values()].filter((one) => this.#isLive(one) || !this.#isOlder(one, FORGET_MS));
    const lives = new Map<string, number>();
    for (const one of heard) if (this.#isLive(one)) lives.set(one.said.agentId, (lives.get(one.said.agentId) ?? 0) + 1);
    return heard
      .map((one) => {
        const isLive = this.#isLive(one);
        const sharesId = isLive && (lives.get(one.said.agentId) ?? 0) > 1;
        return { said: one.said, lastSeenAt: one.lastSeenAt, isLive, sharesId };
      })
      .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  }

  live(): readonly KnownAgent[] {
    return this.all().filter(({ isLive }) => isLive);
  }

  /** A new life of an agent replaces those that have ended, and takes what is old along. */
  #forget({ agentId, instanceId }: AgentHeartbeat): void {
    for (const [id, one] of this.#heard) {
      if (id === instanceId || this.#isLive(one)) continue;
      if (one.said.agentId === agentId || this.#isOlder(one, FORGET_MS)) this.#heard.delete(id);
    }
  }

  #isLive(one: Heard): boolean {
    return !one.said.isLast && !this.#isOlder(one, LOST_MS);
  }

  #isOlder({ heardAt }: Heard, ms: number): boolean {
    return this.steadyMs() - heardAt > ms;
  }
}

const keyOf = ({ said: { agentId, startedAt } }: KnownAgent): string => `${agentId}\n${startedAt}`;
