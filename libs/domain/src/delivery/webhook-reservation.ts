import type { WebhookReserved } from '@slipway/contracts';
import type { Decider } from '@slipway/kernel';

/** Whose a webhook code is, from before it is issued. */
export type ReservedWebhook = WebhookReserved['data'] | null;

interface ReserveWebhook {
  readonly type: 'ReserveWebhook';
  readonly data: WebhookReserved['data'];
}

/** A code is somebody's once and for all. */
export const webhookReservation: Decider<ReservedWebhook, ReserveWebhook, WebhookReserved> = {
  initial: null,
  decide: ({ data }, state) => (state ? [] : [{ type: 'WebhookReserved', data }]),
  evolve: (_, { data }) => data,
};
