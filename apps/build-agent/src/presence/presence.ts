import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { agentSubjects, type AgentHeartbeat, type PauseReason } from '@slipway/contracts';
import type { Clock } from '@slipway/kernel';
import { pause } from '@slipway/messaging';
import { VERSION } from '@slipway/platform';
import type { AgentConfig } from '../config.js';
import { traitsOf } from './traits.js';

/** An orchestrator that hears nothing for three of them holds the agent for lost. */
export const HEARTBEAT_MS = 5_000;
/** Changes that come together are told together, ms. */
const GATHER_MS = 100;

/** What changes in the life of an agent. */
export interface AgentNow {
  readonly builds: readonly string[];
  readonly pausedBy: readonly PauseReason[];
  readonly freeDiskBytes: number | null;
}

/** Tells orchestrators who this agent is: every few seconds, when something changed, and when one asks. */
export class Presence {
  readonly instanceId: string = randomUUID();
  readonly #startedAt: string;
  #wake: (() => void) | undefined;
  #hasNews = true;

  constructor(
    private readonly nats: NatsConnection,
    private readonly config: Pick<
      AgentConfig,
      'AGENT_ID' | 'BUILD_NODE' | 'AGENT_LABELS' | 'AGENT_SLOTS' | 'BUILD_PROXY_URL'
    >,
    private readonly now: () => AgentNow,
    clock: Clock,
  ) {
    this.#startedAt = clock.now();
  }

  /** Something changed: it is told at once. */
  changed(): void {
    this.#hasNews = true;
    this.#wake?.();
  }

  /** Until `signal` is aborted; then says goodbye. */
  async tell(signal: AbortSignal): Promise<void> {
    const asked = this.nats.subscribe(agentSubjects.look, { callback: () => this.changed() });
    while (!signal.aborted) {
      this.#hasNews = false;
      this.#beat(false);
      await this.#news(signal);
      await pause(GATHER_MS, signal);
    }
    asked.unsubscribe();
    this.#beat(true);
  }

  /** Resolves at news, after `HEARTBEAT_MS`, or once `signal` is aborted. */
  #news(signal: AbortSignal): Promise<void> {
    if (this.#hasNews) return Promise.resolve();
    const waited = new AbortController();
    this.#wake = () => waited.abort();
    return pause(HEARTBEAT_MS, AbortSignal.any([signal, waited.signal]));
  }

  #beat(isLast: boolean): void {
    if (this.nats.isClosed()) return;
    this.nats.publish(agentSubjects.heartbeat, JSON.stringify(this.said(isLast)));
  }

  said(isLast = false): AgentHeartbeat {
    const { builds, pausedBy, freeDiskBytes } = this.now();
    return {
      agentId: this.config.AGENT_ID,
      instanceId: this.instanceId,
      version: VERSION,
      ...traitsOf(this.config),
      slots: this.config.AGENT_SLOTS,
      builds: [...builds],
      pausedBy: [...pausedBy],
      freeDiskBytes,
      startedAt: this.#startedAt,
      isLast,
    };
  }
}
