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
  /** Lives by the agent's id and their own: what comes first from one of a thousand costs as much as from one of ten. */
  readonly #heard = new Map<string, Map<string, Heard>>();

  /** `steadyMs`: a clock that never jumps. `onShared`: told once when a second live agent says the id of another. */
  constructor(
    private readonly steadyMs: () => number,
    private readonly onShared: (agentId: string) => void = () => {},
  ) {}

  hear(said: AgentHeartbeat, lastSeenAt: string): void {
    const { agentId, instanceId } = said;
    const lives = this.#heard.get(agentId) ?? new Map<string, Heard>();
    this.#heard.set(agentId, lives);
    const isNew = !lives.has(instanceId);
    lives.set(instanceId, { said, lastSeenAt, heardAt: this.steadyMs() });
    if (!isNew) return;
    for (const [id, one] of lives) if (id !== instanceId && !this.#isLive(one)) lives.delete(id); // this one replaces it
    if (this.#liveOf(lives) > 1) this.onShared(agentId);
  }

  /** By id. */
  all(): readonly KnownAgent[] {
    this.#forget();
    return [...this.#heard.values()]
      .flatMap((lives) => {
        const isShared = this.#liveOf(lives) > 1;
        return [...lives.values()].map((one) => {
          const isLive = this.#isLive(one);
          return { said: one.said, lastSeenAt: one.lastSeenAt, isLive, sharesId: isLive && isShared };
        });
      })
      .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  }

  live(): readonly KnownAgent[] {
    return this.all().filter(({ isLive }) => isLive);
  }

  #liveOf(lives: ReadonlyMap<string, Heard>): number {
    return [...lives.values()].filter((one) => this.#isLive(one)).length;
  }

  /** What has not been live for so long that nobody asks for it. */
  #forget(): void {
    for (const [agentId, lives] of this.#heard) {
      for (const [id, one] of lives)
        if (this.#isOlder(one, FORGET_MS) || this.#isReplaced(one, lives)) lives.delete(id);
      if (lives.size === 0) this.#heard.delete(agentId);
    }
  }

  /** It was killed, and back before anybody had missed it. */
  #isReplaced(one: Heard, lives: ReadonlyMap<string, Heard>): boolean {
    if (lives.size === 1 || this.#isLive(one)) return false;
    return [...lives.values()].some((other) => this.#isLive(other) && other.said.startedAt > one.said.startedAt);
  }

  #isLive(one: Heard): boolean {
    return !one.said.isLast && !this.#isOlder(one, LOST_MS);
  }

  #isOlder({ heardAt }: Heard, ms: number): boolean {
    return this.steadyMs() - heardAt > ms;
  }
}

const keyOf = ({ said: { agentId, startedAt } }: KnownAgent): string => `${agentId}\n${startedAt}`;
