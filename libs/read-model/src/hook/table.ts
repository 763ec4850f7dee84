import type { Topic } from '@slipway/contracts';
import type { Table } from '../database/table.js';

/** One outgoing webhook. Its secret is nobody's business here. */
export interface HookRow {
  readonly hook_id: string;
  readonly namespace: string;
  /** Of the event that added it: hooks are listed by it. */
  readonly position: number;
  readonly url: string;
  readonly topics: Topic[];
  readonly is_active: boolean;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export const hookTable: Table<HookRow> = {
  name: 'hook',
  columns: {
    hook_id: 'text',
    namespace: 'text',
    position: 'int',
    url: 'text',
    topics: 'json',
    is_active: 'bool',
    created_by: 'text',
    created_at: 'text',
    updated_at: 'text',
  },
  primaryKey: ['hook_id'],
  indexes: [{ name: 'hook_by_namespace', columns: ['namespace', 'position'] }],
};
