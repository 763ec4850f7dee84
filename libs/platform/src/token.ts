import { hash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

const PREFIXES = { user: 'slp_', robot: 'slr_' } as const;
export type TokenKind = keyof typeof PREFIXES;

/** A user's: a prefix that secret scanners find, and 43 characters of base64url, which are 256 random bits. */
export const TOKEN_PATTERN = /^slp_[A-Za-z0-9_-]{43}$/;

export const makeToken = (kind: TokenKind): string => PREFIXES[kind] + randomBytes(TOKEN_BYTES).toString('base64url');

/** Whose it would be if it were good. */
export const tokenKindOf = (token: string): TokenKind => (token.startsWith(PREFIXES.robot) ? 'robot' : 'user');

/** SHA-256, hex: all that is ever stored of a token. */
export const tokenHashOf = (token: string): string => hash('sha256', token);
