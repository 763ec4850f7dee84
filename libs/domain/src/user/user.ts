import type { Identity, UserEvent } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

export type User =
  | { readonly phase: 'absent' }
  | {
      readonly phase: 'present';
      readonly isAdmin: boolean;
      /** Who else may use the name. `null`: only holders of its tokens. */
      readonly identity: Identity | null;
      readonly tokens: readonly IssuedToken[];
    };

export interface IssuedToken {
  readonly tokenId: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly isRevoked: boolean;
}

export type UserCommand =
  | {
      readonly type: 'RegisterUser';
      readonly data: { readonly name: string; readonly isAdmin: boolean; readonly at: string };
    }
  | {
      readonly type: 'LogIn';
      readonly data: { readonly name: string; readonly identity: Identity; readonly at: string };
    }
  | {
      readonly type: 'IssueToken';
      readonly data: {
        readonly name: string;
        readonly tokenId: string;
        readonly tokenHash: string;
        readonly at: string;
      };
    }
  | {
      readonly type: 'RevokeToken';
      readonly data: { readonly name: string; readonly tokenId: string; readonly at: string };
    };

export const user: Decider<User, UserCommand, UserEvent> = {
  initial: { phase: 'absent' },

  decide: (command, state) => {
    switch (command.type) {
      case 'RegisterUser':
        return register(command.data, state);
      case 'LogIn':
        return logIn(command.data, state);
      case 'IssueToken':
        return issue(command.data, state);
      case 'RevokeToken':
        return revoke(command.data, state);
    }
  },

  evolve: (state, { type, data }) => {
    if (type === 'UserRegistered')
      return { phase: 'present', isAdmin: data.isAdmin, identity: data.identity ?? null, tokens: [] };
    if (state.phase === 'absent') return state;
    switch (type) {
      case 'TokenIssued': {
        const { tokenId, tokenHash } = data;
        return { ...state, tokens: [...state.tokens, { tokenId, tokenHash, isRevoked: false }] };
      }
      case 'TokenRevoked':
        return {
          ...state,
          tokens: state.tokens.map((token) => (token.tokenId === data.tokenId ? { ...token, isRevoked: true } : token)),
        };
    }
  },
};

type Data<T extends UserCommand['type']> = Extract<UserCommand, { type: T }>['data'];

function register(data: Data<'RegisterUser'>, state: User): readonly UserEvent[] {
  if (state.phase === 'absent') return [{ type: 'UserRegistered', data }];
  if (state.isAdmin === data.isAdmin) return [];
  throw new AppError('USER_EXISTS', { username: data.name });
}

/** The first login makes the user. Nobody becomes a user that is there already by having the same name elsewhere. */
function logIn({ name, identity, at }: Data<'LogIn'>, state: User): readonly UserEvent[] {
  if (state.phase === 'absent') return [{ type: 'UserRegistered', data: { name, isAdmin: false, identity, at } }];
  const known = state.identity;
  if (known?.issuer === identity.issuer && known.subject === identity.subject) return [];
  throw new AppError('IDENTITY_REFUSED', { username: name });
}

function issue(data: Data<'IssueToken'>, state: User): readonly UserEvent[] {
  if (state.phase === 'absent') throw new AppError('USER_NOT_FOUND', { username: data.name });
  if (state.tokens.some(({ tokenId }) => tokenId === data.tokenId)) return [];
  return [{ type: 'TokenIssued', data }];
}

function revoke(data: Data<'RevokeToken'>, state: User): readonly UserEvent[] {
  if (state.phase === 'absent') throw new AppError('USER_NOT_FOUND', { username: data.name });
  const token = state.tokens.find(({ tokenId }) => tokenId === data.tokenId);
  if (!token) throw new AppError('TOKEN_NOT_FOUND', { token_id: data.tokenId });
  return token.isRevoked ? [] : [{ type: 'TokenRevoked', data }];
}
