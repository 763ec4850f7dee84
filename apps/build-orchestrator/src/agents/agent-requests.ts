import type { NatsConnection } from '@nats-io/transport-node';
import { AgentListQuery, querySubjects } from '@slipway/contracts';
import { serve, type Service } from '@slipway/messaging';
import { listAgents } from './agent-list.js';
import type { AgentRegistry } from './agent-registry.js';

/** What is asked of agents, by way of a gateway. */
export function answerAboutAgents(
  { nats, agents }: { readonly nats: NatsConnection; readonly agents: AgentRegistry },
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  return [
    serve(nats, {
      ...common,
      subject: querySubjects.agents,
      schema: AgentListQuery,
      handle: (query) => Promise.resolve(listAgents(agents, query)),
    }),
  ];
}
