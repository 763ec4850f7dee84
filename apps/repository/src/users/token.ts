import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** `slp_` and 43 characters of base64url: 256 random bits, and a prefix that secret scanners find. */
export const TOKEN_PATTERN = /^slp_[A-Za-z0-9_-]{43}$/;

export const makeToken = (): string => `slp_${randomBytes(TOKEN_BYTES).toString('base64url')}`;

/** All that is ever stored of a token. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
