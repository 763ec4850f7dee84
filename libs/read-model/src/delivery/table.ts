import type { CodeHostName, DeliveryStatus, MatchedRefView, RefChange, SkippedRefView } from '@slipway/contracts';
import type { Table } from '../database/table.js';

/** One delivery of a code host, and what its latest run made of it. */
export interface DeliveryRow {
  readonly stream: string;
  /** Of its arrival: deliveries are listed by it. */
  readonly position: number;
  readonly namespace: string;
  readonly repo_name: string;
  /** Of the repository of that time: a later one of the same name does not show it. */
  readonly config_id: number;
  readonly code: string;
  readonly delivery_id: string;
  readonly client: CodeHostName;
  readonly event: string;
  readonly digest: string;
  readonly changes: readonly RefChange[];
  readonly run_id: string;
  readonly status: DeliveryStatus;
  readonly waiting_for: string | null;
  readonly matched: readonly MatchedRefView[];
  readonly skipped: readonly SkippedRefView[];
  readonly replays: number;
  readonly received_at: string;
  readonly updated_at: string;
}

export const deliveryTable: Table<DeliveryRow> = {
  name: 'delivery',
  columns: {
    stream: 'text',
    position: 'int',
    namespace: 'text',
    repo_name: 'text',
    config_id: 'int',
    code: 'text',
    delivery_id: 'text',
    client: 'text',
    event: 'text',
    digest: 'text',
    changes: 'json',
    run_id: 'text',
    status: 'text',
    waiting_for: 'text?',
    matched: 'json',
    skipped: 'json',
    replays: 'int',
    received_at: 'text',
    updated_at: 'text',
  },
  primaryKey: ['stream'],
  indexes: [{ name: 'delivery_by_config', columns: ['config_id', 'position'] }],
};
