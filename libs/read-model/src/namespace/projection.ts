import type { NamespaceEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { MemberRow, NamespaceRow } from './table.js';

export const namespaceProjection: Projection<NamespaceRow, NamespaceEvent> = {
  keyOf: ({ event }) => event.data.namespace,
  evolve: (row, { event: { type, data } }) => {
    switch (type) {
      case 'NamespaceCreated': {
        const { namespace: name, kind, description, by: created_by, at } = data;
        return { name, kind, description, created_by, created_at: at, updated_at: at };
      }
      case 'NamespaceDescribed':
        return row && { ...row, description: data.description, updated_at: data.at };
      case 'RoleGiven':
      case 'MemberRemoved':
      case 'QuotaSet':
      case 'NetworkPolicyChosen':
        return row;
    }
  },
};

export const memberProjection: Projection<MemberRow, NamespaceEvent> = {
  keyOf: ({ event: { data } }) => ('username' in data ? `${data.namespace}/${data.username}` : undefined),
  evolve: (row, { event: { type, data } }) => {
    switch (type) {
      case 'RoleGiven': {
        const { namespace, username: user_name, role, by: given_by, at: given_at } = data;
        return { member_id: `${namespace}/${user_name}`, namespace, user_name, role, given_by, given_at };
      }
      case 'MemberRemoved':
        return undefined;
      case 'NamespaceCreated':
      case 'NamespaceDescribed':
      case 'QuotaSet':
      case 'NetworkPolicyChosen':
        return row;
    }
  },
};
