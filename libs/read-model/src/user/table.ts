import type { Table } from '../database/table.js';

export interface UserRow {
  readonly name: string;
  readonly is_admin: boolean;
  readonly created_at: string;
}

export const userTable: Table<UserRow> = {
  name: 'user_account',
  columns: { name: 'text', is_admin: 'bool', created_at: 'text' },
  primaryKey: ['name'],
  indexes: [],
};

/** A token that is good now: a revoked one has no row. */
export interface UserTokenRow {
  readonly token_id: string;
  /** SHA-256, hex. */
  readonly token_hash: string;
  readonly user_name: string;
}

export const userTokenTable: Table<UserTokenRow> = {
  name: 'user_token',
  columns: { token_id: 'text', token_hash: 'text', user_name: 'text' },
  primaryKey: ['token_id'],
  indexes: [{ name: 'user_token_by_hash', columns: ['token_hash'] }],
};
