import type { NatsConnection } from '@nats-io/transport-node';
import { AgentHeartbeat, agentSubjects, type AgentView, type DrainAgentRequest } from '@slipway/contracts';
import { AppError, type Clock } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import type { AgentRegistry } from './agent-registry.js';
import { agentView } from './agent-list.js';

/** Less than a gateway waits, ms. */
const ANSWER_MS = 3_000;

export interface DrainDesk {
  readonly nats: NatsConnection;
  readonly agents: AgentRegistry;
  readonly clock: Clock;
}

/**
 * Asks the agent itself, which keeps it; answers what it says of itself then. Safe to repeat.
 * Source: docs/adr/0032-draining.md
 * @throws AGENT_NOT_FOUND; SERVICE_UNAVAILABLE: it does not answer
 */
export async function drainAgent(
  { nats, agents, clock }: DrainDesk,
  { agentId, ...asked }: DrainAgentRequest,
): Promise<AgentView> {
  const lives = agents.all().filter(({ said }) => said.agentId === agentId);
  if (lives.length === 0) throw new AppError('AGENT_NOT_FOUND', { agentId });
  const live = lives.filter(({ isLive }) => isLive);
  if (live.length === 0) throw new AppError('SERVICE_UNAVAILABLE', { agentId, reason: 'the agent does not run' });
  const answers = await Promise.all(
    live.map(({ said: { instanceId } }) =>
      request(nats, agentSubjects.drain(instanceId), asked, { reply: AgentHeartbeat, timeoutMs: ANSWER_MS }),
    ),
  );
  for (const said of answers) agents.hear(said, clock.now());
  const known = agents.all().find(({ said }) => said.instanceId === answers[0]?.instanceId);
  if (!known) throw new AppError('AGENT_NOT_FOUND', { agentId });
  return agentView(known);
}
