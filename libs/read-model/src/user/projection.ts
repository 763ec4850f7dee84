import type { UserEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { UserRow, UserTokenRow } from './table.js';

export const userProjection: Projection<UserRow, UserEvent> = {
  keyOf: ({ event }) => event.data.name,
  evolve: (row, { event: { type, data } }) => {
    switch (type) {
      case 'UserRegistered':
        return row ?? registered(data);
      case 'EmailChanged':
        return row && { ...row, email: data.email, updated_at: data.at };
      case 'UserStandingChanged':
        return row && { ...row, is_admin: data.isAdmin, is_active: data.isActive, updated_at: data.at };
      case 'PasswordSet': // its hash is nobody's business here
      case 'TokenIssued':
      case 'TokenRevoked':
        return row;
    }
  },
};

const registered = ({
  name,
  email = null,
  isAdmin,
  at,
}: Extract<UserEvent, { type: 'UserRegistered' }>['data']): UserRow => ({
  name,
  email,
  is_admin: isAdmin,
  is_active: true,
  created_at: at,
  updated_at: at,
});

export const userTokenProjection: Projection<UserTokenRow, UserEvent> = {
  keyOf: ({ event: { data } }) => ('tokenId' in data ? data.tokenId : undefined),
  evolve: (row, { event: { type, data } }) => {
    switch (type) {
      case 'TokenIssued':
        return issued(data);
      case 'TokenRevoked':
        return undefined;
      case 'UserRegistered':
      case 'EmailChanged':
      case 'PasswordSet':
      case 'UserStandingChanged':
        return row;
    }
  },
};

function issued(data: Extract<UserEvent, { type: 'TokenIssued' }>['data']): UserTokenRow {
  const { tokenId: token_id, tokenHash: token_hash, name: user_name, at: created_at } = data;
  const { title = null, scope = 'admin', namespace = null, isLogin: is_login = false } = data;
  const { expiresAt: expires_at = null } = data;
  return { token_id, token_hash, user_name, title, scope, namespace, is_login, created_at, expires_at };
}
