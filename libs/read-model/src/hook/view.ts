import type { HookView } from '@slipway/contracts';
import type { HookRow } from './table.js';

/** The answer of `GET /v1/namespaces/{namespace}/hooks/{id}`. */
export const hookView = (row: HookRow): HookView => ({
  id: row.hook_id,
  url: row.url,
  events: row.topics,
  is_active: row.is_active,
  created_by: row.created_by,
  created_at: row.created_at,
  updated_at: row.updated_at,
});
