import type { NatsConnection } from '@nats-io/transport-node';
import { AgentHeartbeat, agentSubjects, type AgentLook } from '@slipway/contracts';
import type { Clock } from '@slipway/kernel';
import type { Logger } from '@slipway/platform';
import { AgentRegistry } from './agent-registry.js';

/** Hears every agent from now on, and calls them all, so that they are known at once. Until the connection closes. */
export function hearAgents(nats: NatsConnection, { clock, logger }: { clock: Clock; logger: Logger }): AgentRegistry {
  const agents = new AgentRegistry(
    () => performance.now(),
    (agentId) => logger.error({ agentId }, 'two live agents have one id: give one of them its own'),
  );
  nats.subscribe(agentSubjects.heartbeat, {
    callback: (error, message) => {
      if (error) return;
      const said = AgentHeartbeat.safeParse(jsonOf(message));
      if (said.success) agents.hear(said.data, clock.now());
      else logger.warn({ problems: said.error.issues.length }, 'heartbeat not understood');
    },
  });
  nats.publish(agentSubjects.look, JSON.stringify({} satisfies AgentLook));
  return agents;
}

function jsonOf(message: { readonly json: () => unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
