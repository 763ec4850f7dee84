import type { Identity, UserEvent } from '@slipway/contracts';
import type { UserCommand } from './user.js';

const name = 'alice';
const at = '2026-11-23T10:00:00.000Z';
const token = (number: number): { readonly tokenId: string; readonly tokenHash: string } => ({
  tokenId: `00000000-0000-4000-8000-00000000000${number}`,
  tokenHash: String(number).repeat(64),
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
export const issueToken = (number: number): UserCommand => ({
  type: 'IssueToken',
  data: { name, ...token(number), at },
});
export const issued = (number: number): UserEvent => ({ type: 'TokenIssued', data: { name, ...token(number), at } });
export const revokeToken = (number: number): UserCommand => ({
  type: 'RevokeToken',
  data: { name, tokenId: token(number).tokenId, at },
});
export const revoked = (number: number): UserEvent => ({
  type: 'TokenRevoked',
  data: { name, tokenId: token(number).tokenId, at },
});
