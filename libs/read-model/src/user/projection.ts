import type { UserEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { UserRow, UserTokenRow } from './table.js';

export const userProjection: Projection<UserRow, UserEvent> = {
  keyOf: ({ event }) => event.data.name,
  evolve: (row, { event: { type, data } }) =>
    type === 'UserRegistered' ? (row ?? { name: data.name, is_admin: data.isAdmin, created_at: data.at }) : row,
};

export const userTokenProjection: Projection<UserTokenRow, UserEvent> = {
  keyOf: ({ event }) => (event.type === 'UserRegistered' ? undefined : event.data.tokenId),
  evolve: (row, { event: { type, data } }) => {
    switch (type) {
      case 'UserRegistered':
        return row;
      case 'TokenIssued':
        return { token_id: data.tokenId, token_hash: data.tokenHash, user_name: data.name };
      case 'TokenRevoked':
        return undefined;
    }
  },
};
