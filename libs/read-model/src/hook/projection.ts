import type { HookEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { HookRow } from './table.js';

export const hookProjection: Projection<HookRow, HookEvent> = {
  keyOf: ({ event }) => event.data.hookId,
  evolve: (row, { event: { type, data }, position }) => {
    switch (type) {
      case 'HookAdded': {
        const { hookId: hook_id, namespace, url, topics, isActive: is_active, by, at } = data;
        const created = { created_by: by, created_at: at, updated_at: at };
        return { hook_id, namespace, position, url, topics, is_active, ...created };
      }
      case 'HookChanged': {
        const { url, topics, isActive: is_active, at: updated_at } = data;
        return row && { ...row, url, topics, is_active, updated_at };
      }
      case 'HookSecretResealed':
        return row;
      case 'HookRemoved':
        return undefined;
    }
  },
};
