import type { Identity, PasswordHash, UserEvent } from '@slipway/contracts';
import type { IssueToken, UserCommand } from './commands.js';

const name = 'alice';
const at = '2026-11-23T10:00:00.000Z';
const token = (number: number): { readonly tokenId: string; readonly tokenHash: string } => ({
  tokenId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  tokenHash: String(number).padStart(64, '0'),
});

export const register = ({ isAdmin = true } = {}): UserCommand => ({
  type: 'RegisterUser',
  data: { name, isAdmin, at },
});
export const registered = (): UserEvent => ({ type: 'UserRegistered', data: { name, isAdmin: true, at } });
const identityOf = (subject: string): Identity => ({ issuer: 'https://login.example.com', subject });
export const logIn = (subject: string, issuer = 'https://login.example.com'): UserCommand => ({
  type: 'LogIn',
  data: { name, identity: { issuer, subject }, at },
});
export const registeredByLogin = (subject: string): UserEvent => ({
  type: 'UserRegistered',
  data: { name, isAdmin: false, identity: identityOf(subject), at },
});
type More = Partial<Pick<IssueToken, 'isLogin' | 'expiresAt'>>;
export const issueToken = (number: number, more: More & Pick<IssueToken, 'forPassword'> = {}): UserCommand => ({
  type: 'IssueToken',
  data: { name, ...token(number), at, ...more },
});
export const issued = (number: number, more: More = {}): UserEvent => ({
  type: 'TokenIssued',
  data: { name, ...token(number), at, ...more },
});
export const revokeToken = (number: number): UserCommand => ({
  type: 'RevokeToken',
  data: { name, tokenId: token(number).tokenId, at },
});
export const revoked = (number: number): UserEvent => ({
  type: 'TokenRevoked',
  data: { name, tokenId: token(number).tokenId, at },
});
export const revokeTokens: UserCommand = { type: 'RevokeTokens', data: { name, at } };

/** `salt` tells one password from another. */
export const passwordHash = (salt = 'c2FsdA==', hash = 'aGFzaA=='): PasswordHash => ({
  algorithm: 'scrypt',
  n: 32_768,
  r: 8,
  p: 1,
  salt,
  hash,
});
export const create = (password: PasswordHash | null = null): UserCommand => ({
  type: 'CreateUser',
  data: { name, isAdmin: true, email: 'alice@example.com', password, by: 'root', at },
});
export const created = (): UserEvent => ({
  type: 'UserRegistered',
  data: { name, isAdmin: true, email: 'alice@example.com', at },
});
export const setPassword = (salt?: string, more: { readonly former?: string | null } = {}): UserCommand => ({
  type: 'SetPassword',
  data: { name, password: passwordHash(salt), by: 'root', at, ...more },
});
export const passwordSet = (salt?: string): UserEvent => ({
  type: 'PasswordSet',
  data: { name, password: passwordHash(salt), by: 'root', at },
});
export const changeEmail = (email: string | null): UserCommand => ({
  type: 'ChangeEmail',
  data: { name, email, by: 'root', at },
});
export const emailChanged = (email: string | null): UserEvent => ({
  type: 'EmailChanged',
  data: { name, email, by: 'root', at },
});
