import type { Identity, PasswordHash, UserEvent } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';
import type { IssueToken, UserCommand } from './commands.js';

export type User =
  | { readonly phase: 'absent' }
  | {
      readonly phase: 'present';
      /** As registered; what holds since is told by the standings of all users. */
      readonly isAdmin: boolean;
      /** Who else may use the name. `null`: only holders of its tokens, and who knows its password. */
      readonly identity: Identity | null;
      readonly email: string | null;
      readonly password: PasswordHash | null;
      /** The oldest first. */
      readonly tokens: readonly IssuedToken[];
    };
export type PresentUser = Extract<User, { phase: 'present' }>;

export interface IssuedToken {
  readonly tokenId: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly isRevoked: boolean;
  /** It was given for the password. */
  readonly isLogin: boolean;
  /** Null: never. */
  readonly expiresAt: string | null;
}

/** One more login takes the oldest one's token. */
const MAX_LOGINS = 20;
/** That are good, beside those of logins. */
const MAX_TOKENS = 100;

export const user: Decider<User, UserCommand, UserEvent> = {
  initial: { phase: 'absent' },

  decide: (command, state) => {
    switch (command.type) {
      case 'RegisterUser':
        return register(command.data, state);
      case 'CreateUser':
        return create(command.data, state);
      case 'LogIn':
        return logIn(command.data, state);
      case 'ChangeEmail':
        return present(state, command.data).email === command.data.email
          ? []
          : [{ type: 'EmailChanged', data: command.data }];
      case 'SetPassword':
        return setPassword(command.data, present(state, command.data));
      case 'IssueToken':
        return issue(command.data, present(state, command.data));
      case 'RevokeToken':
        return revoke(command.data, present(state, command.data));
      case 'RevokeTokens':
        return revokeThose(present(state, command.data).tokens, command.data);
    }
  },

  evolve: (state, { type, data }) => {
    if (type === 'UserRegistered') return registered(data);
    if (state.phase === 'absent') return state;
    switch (type) {
      case 'EmailChanged':
        return { ...state, email: data.email };
      case 'PasswordSet':
        return { ...state, password: data.password };
      case 'TokenIssued': {
        const { tokenId, tokenHash, isLogin = false, expiresAt = null } = data;
        return { ...state, tokens: [...state.tokens, { tokenId, tokenHash, isLogin, expiresAt, isRevoked: false }] };
      }
      case 'TokenRevoked':
        return {
          ...state,
          tokens: state.tokens.map((token) => (token.tokenId === data.tokenId ? { ...token, isRevoked: true } : token)),
        };
      case 'UserStandingChanged': // told in another event stream
        return state;
    }
  },
};

type Data<T extends UserCommand['type']> = Extract<UserCommand, { type: T }>['data'];

const registered = ({
  isAdmin,
  identity,
  email = null,
}: Extract<UserEvent, { type: 'UserRegistered' }>['data']): PresentUser => ({
  phase: 'present',
  isAdmin,
  identity: identity ?? null,
  email,
  password: null,
  tokens: [],
});

function present(state: User, { name }: { readonly name: string }): PresentUser {
  if (state.phase === 'absent') throw new AppError('USER_NOT_FOUND', { username: name });
  return state;
}

function register(data: Data<'RegisterUser'>, state: User): readonly UserEvent[] {
  if (state.phase === 'absent') return [{ type: 'UserRegistered', data }];
  if (state.isAdmin === data.isAdmin) return [];
  throw new AppError('USER_EXISTS', { username: data.name });
}

function create({ password, by, ...data }: Data<'CreateUser'>, state: User): readonly UserEvent[] {
  const { name, at } = data;
  if (state.phase === 'present') throw new AppError('USER_EXISTS', { username: name });
  const set: readonly UserEvent[] = password ? [{ type: 'PasswordSet', data: { name, password, by, at } }] : [];
  return [{ type: 'UserRegistered', data }, ...set];
}

/** The first login makes the user. Nobody becomes a user that is there already by having the same name elsewhere. */
function logIn({ name, identity, at }: Data<'LogIn'>, state: User): readonly UserEvent[] {
  if (state.phase === 'absent') return [{ type: 'UserRegistered', data: { name, isAdmin: false, identity, at } }];
  const known = state.identity;
  if (known?.issuer === identity.issuer && known.subject === identity.subject) return [];
  throw new AppError('IDENTITY_REFUSED', { username: name });
}

/** Whoever knew the old one is out: what was given for it goes with it. Who leaves the issuer, leaves here. */
function setPassword(
  { former, ...data }: Data<'SetPassword'>,
  { identity, password, tokens }: PresentUser,
): readonly UserEvent[] {
  if (former !== undefined && former !== (password?.hash ?? null)) throw new AppError('PASSWORD_WRONG');
  if (identity) throw new AppError('PASSWORD_REFUSED', { username: data.name });
  const logins = tokens.filter(({ isLogin }) => isLogin);
  return [{ type: 'PasswordSet', data }, ...revokeThose(logins, data)];
}

function issue({ forPassword, ...data }: IssueToken, { password, tokens }: PresentUser): readonly UserEvent[] {
  const { name, tokenId, isLogin = false, at } = data;
  if (tokens.some((token) => token.tokenId === tokenId)) return [];
  const good = tokens.filter(
    (token) => !token.isRevoked && token.isLogin === isLogin && (token.expiresAt ?? at) >= at, // text of one form
  );
  if (forPassword !== undefined && forPassword !== password?.hash) throw new AppError('CREDENTIALS_INVALID');
  const issued: UserEvent = { type: 'TokenIssued', data };
  if (isLogin) return [issued, ...revokeThose(good.slice(0, Math.max(0, good.length + 1 - MAX_LOGINS)), { name, at })];
  if (good.length >= MAX_TOKENS) throw new AppError('TOKEN_LIMIT_REACHED', { limit: MAX_TOKENS });
  return [issued];
}

function revoke(data: Data<'RevokeToken'>, { tokens }: PresentUser): readonly UserEvent[] {
  const token = tokens.find(({ tokenId }) => tokenId === data.tokenId);
  if (!token) throw new AppError('TOKEN_NOT_FOUND', { token_id: data.tokenId });
  return revokeThose([token], data);
}

const revokeThose = (
  tokens: readonly IssuedToken[],
  { name, at }: { readonly name: string; readonly at: string },
): readonly UserEvent[] =>
  tokens
    .filter(({ isRevoked }) => !isRevoked)
    .map(({ tokenId }) => ({ type: 'TokenRevoked', data: { name, tokenId, at } }));
