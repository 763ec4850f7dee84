import type { NamespaceKind, Role } from '@slipway/contracts';
import type { Table } from '../database/table.js';

export interface NamespaceRow {
  readonly name: string;
  readonly kind: NamespaceKind;
  readonly description: string;
  readonly created_by: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export const namespaceTable: Table<NamespaceRow> = {
  name: 'namespace',
  columns: {
    name: 'text',
    kind: 'text',
    description: 'text',
    created_by: 'text?',
    created_at: 'text',
    updated_at: 'text',
  },
  primaryKey: ['name'],
  indexes: [],
};

export interface MemberRow {
  /** `<namespace>/<user>`. */
  readonly member_id: string;
  readonly namespace: string;
  readonly user_name: string;
  readonly role: Role;
  /** Who gave the role, and when. */
  readonly given_by: string | null;
  readonly given_at: string;
}

export const memberTable: Table<MemberRow> = {
  name: 'namespace_member',
  columns: {
    member_id: 'text',
    namespace: 'text',
    user_name: 'text',
    role: 'text',
    given_by: 'text?',
    given_at: 'text',
  },
  primaryKey: ['member_id'],
  indexes: [
    { name: 'member_by_namespace', columns: ['namespace', 'user_name'] },
    { name: 'member_by_user', columns: ['user_name', 'namespace', 'role'] },
  ],
};
