import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { basicAuthorization, type Secret } from '@slipway/platform';
import { accessDenied } from './errors.js';

export interface UserCredentials {
  readonly user: string;
  readonly password: Secret;
}

/** @throws RpcError when the call does not carry this user and password. Everybody may call when there is no user. */
export type Authenticate = (metadata: Metadata) => void;

export function authenticator(credentials: UserCredentials | undefined): Authenticate {
  if (!credentials) return () => {};
  const expected = digest(basicAuthorization(credentials.user, credentials.password.reveal()));
  return (metadata) => {
    const given = metadata.get('authorization')[0];
    // digests have one length, so the comparison tells nothing about the password's
    if (typeof given !== 'string' || !timingSafeEqual(digest(given), expected)) throw accessDenied();
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
