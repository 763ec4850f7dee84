import type { TokenView, UserView } from '@slipway/contracts';
import type { UserRow, UserTokenRow } from './table.js';

export const userView = ({ name, email, is_admin, is_active, created_at, updated_at }: UserRow): UserView => ({
  username: name,
  email,
  is_admin,
  is_active,
  created_at,
  updated_at,
});

export const tokenView = (row: UserTokenRow): TokenView => ({
  id: row.token_id,
  name: row.title,
  scope: row.scope,
  namespace: row.namespace,
  is_login: row.is_login,
  created_at: row.created_at,
  expires_at: row.expires_at,
});
