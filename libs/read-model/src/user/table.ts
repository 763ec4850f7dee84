import type { Scope } from '@slipway/contracts';
import type { Table } from '../database/table.js';

export interface UserRow {
  readonly name: string;
  readonly email: string | null;
  readonly is_admin: boolean;
  readonly is_active: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export const userTable: Table<UserRow> = {
  name: 'user_account',
  columns: {
    name: 'text',
    email: 'text?',
    is_admin: 'bool',
    is_active: 'bool',
    created_at: 'text',
    updated_at: 'text',
  },
  primaryKey: ['name'],
  indexes: [],
};

/** A token that is good until it expires: a revoked one has no row. */
export interface UserTokenRow {
  readonly token_id: string;
  /** SHA-256, hex. */
  readonly token_hash: string;
  readonly user_name: string;
  readonly title: string | null;
  readonly scope: Scope;
  readonly namespace: string | null;
  readonly is_login: boolean;
  readonly created_at: string;
  /** Null: never. */
  readonly expires_at: string | null;
}

export const userTokenTable: Table<UserTokenRow> = {
  name: 'user_token',
  columns: {
    token_id: 'text',
    token_hash: 'text',
    user_name: 'text',
    title: 'text?',
    scope: 'text',
    namespace: 'text?',
    is_login: 'bool',
    created_at: 'text',
    expires_at: 'text?',
  },
  primaryKey: ['token_id'],
  indexes: [
    { name: 'user_token_by_hash', columns: ['token_hash'] },
    { name: 'user_token_by_user', columns: ['user_name', 'created_at', 'token_id'] },
  ],
};
