import type { HookDeliveryView } from '@slipway/contracts';
import type { HookDeliveryRow } from './table.js';

/** A row of `GET /v1/namespaces/{namespace}/hooks/{id}/deliveries`. */
export const hookDeliveryView = (row: HookDeliveryRow): HookDeliveryView => ({
  id: row.notification_id,
  event: row.topic,
  build_id: row.build_id,
  status: row.status,
  attempts: row.attempts,
  response_status: row.response_status,
  response_body: row.response_body,
  failure: row.failure,
  next_attempt_at: row.next_attempt_at,
  created_at: row.created_at,
  updated_at: row.updated_at,
});
