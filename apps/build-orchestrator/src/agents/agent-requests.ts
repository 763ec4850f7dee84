import type { NatsConnection } from '@nats-io/transport-node';
import { AgentListQuery, commandSubjects, DrainAgentRequest, querySubjects } from '@slipway/contracts';
import type { Clock } from '@slipway/kernel';
import { serve, type Service } from '@slipway/messaging';
import { listAgents } from './agent-list.js';
import type { AgentRegistry } from './agent-registry.js';
import { drainAgent } from './drain-agent.js';

/** What is asked of agents, by way of a gateway. */
export function answerAboutAgents(
  { nats, agents, clock }: { readonly nats: NatsConnection; readonly agents: AgentRegistry; readonly clock: Clock },
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  return [
    serve(nats, {
      ...common,
      subject: querySubjects.agents,
      schema: AgentListQuery,
      handle: (query) => Promise.resolve(listAgents(agents, query)),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.drainAgent,
      schema: DrainAgentRequest,
      handle: (asked) => drainAgent({ nats, agents, clock }, asked),
    }),
  ];
}
