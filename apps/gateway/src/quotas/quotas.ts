import { querySubjects, QuotaView, type QuotaQuery } from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { NatsConnection } from '@nats-io/transport-node';

/** What a namespace may have, and has now: asked of the orchestrator, which decides by it. */
export interface QuotaDesk {
  /** @throws SERVICE_UNAVAILABLE when no orchestrator answers, or none that has read up to the position */
  readonly of: (query: QuotaQuery) => Promise<QuotaView>;
}

export const quotaDesk = (nats: NatsConnection): QuotaDesk => ({
  of: (query) => request(nats, querySubjects.quota, query, { reply: QuotaView }),
});
