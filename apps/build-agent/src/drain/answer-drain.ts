import type { NatsConnection } from '@nats-io/transport-node';
import { AgentDrain, agentSubjects } from '@slipway/contracts';
import { serve } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { Presence } from '../presence/presence.js';
import type { JobGate } from '../slots/job-gate.js';
import type { DrainMark } from './drain-mark.js';

/** Is taken out of service and put back by an operator, by way of an orchestrator, until the connection closes. */
export function answerDrain(
  nats: NatsConnection,
  tools: {
    readonly gate: JobGate;
    readonly mark: DrainMark;
    readonly presence: Pick<Presence, 'instanceId' | 'said'>;
    readonly logger: Logger;
  },
): void {
  const { gate, mark, presence, logger } = tools;
  serve(nats, {
    subject: agentSubjects.drain(presence.instanceId),
    queue: presence.instanceId,
    schema: AgentDrain,
    onError: (error, subject) => logger.error({ error, subject }, 'command failed'),
    handle: async ({ isDraining, by }) => {
      await mark.set(isDraining);
      gate.set('draining', isDraining);
      logger.info({ by, isDraining }, isDraining ? 'taken out of service' : 'put back into service');
      return presence.said();
    },
  });
}
