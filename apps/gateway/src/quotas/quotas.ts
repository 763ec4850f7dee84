import { querySubjects, QuotaView, type QuotaQuery } from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { NatsConnection } from '@nats-io/transport-node';

/** What a namespace may have, and has now: asked of the orchestrator, which decides by it. */
export interface QuotaDesk {
  /** @throws SERVICE_UNAVAILABLE when no orchestrator answers */
  readonly of: (namespace: string) => Promise<QuotaView>;
}

export const quotaDesk = (nats: NatsConnection): QuotaDesk => ({
  of: (namespace) => request(nats, querySubjects.quota, { namespace } satisfies QuotaQuery, { reply: QuotaView }),
});
