import type { HookDeliveryStatus, Topic } from '@slipway/contracts';
import type { Table } from '../database/table.js';

/** One event told to one hook or code host, as far as it has come. */
export interface HookDeliveryRow {
  readonly notification_id: string;
  /** As `targetKey` words it. */
  readonly target: string;
  /** Of the event that made it due: deliveries are listed by it. */
  readonly position: number;
  readonly topic: Topic;
  readonly build_id: string;
  readonly status: HookDeliveryStatus;
  readonly attempts: number;
  readonly response_status: number | null;
  readonly response_body: string | null;
  readonly failure: string | null;
  readonly next_attempt_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export const hookDeliveryTable: Table<HookDeliveryRow> = {
  name: 'hook_delivery',
  columns: {
    notification_id: 'text',
    target: 'text',
    position: 'int',
    topic: 'text',
    build_id: 'text',
    status: 'text',
    attempts: 'int',
    response_status: 'int?',
    response_body: 'text?',
    failure: 'text?',
    next_attempt_at: 'text?',
    created_at: 'text',
    updated_at: 'text',
  },
  primaryKey: ['notification_id'],
  indexes: [{ name: 'hook_delivery_by_target', columns: ['target', 'position'] }],
};
