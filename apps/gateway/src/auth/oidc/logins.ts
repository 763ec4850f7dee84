import { LoginReply, UserName, commandSubjects, type LoginCommand } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { JWTPayload } from 'jose';
import { oidcIssuer, type IssuerConfig } from './issuer.js';

export interface OidcConfig extends IssuerConfig {
  /** The claim that holds the user name for the first login. */
  readonly usernameClaim: string;
  /** Whoever's claim `claim` is `value`, or a list that holds it, is an administrator of the system. */
  readonly admin?: { readonly claim: string; readonly value: string } | undefined;
}

export interface Logins {
  /** @throws TOKEN_INVALID, IDENTITY_REFUSED, ISSUER_UNAVAILABLE, SERVICE_UNAVAILABLE */
  readonly callerOf: (token: string, correlationId: string) => Promise<Caller>;
}

/** No issuer: no token of one is good. */
export const noLogins: Logins = {
  callerOf: () => Promise.reject(new AppError('TOKEN_INVALID')),
};

/** How long it is not asked again who an identity is; every token is verified. */
const KEEP_MS = 3_000;
const MAX_KEPT = 10_000;

interface Known {
  readonly user: LoginReply;
  readonly untilMs: number;
}

/** A good token of the issuer is a login: the service that decides says which user that is. */
export function oidcLogins(
  config: OidcConfig,
  logIn: (command: LoginCommand) => Promise<LoginReply>,
  nowMs: () => number = () => performance.now(),
): Logins {
  const { verify } = oidcIssuer(config);
  const kept = new Map<string, Known>();
  const userOf = async (subject: string, claims: JWTPayload, correlationId: string): Promise<LoginReply> => {
    const known = kept.get(subject);
    if (known && nowMs() < known.untilMs) return known.user;
    const username = UserName.safeParse(claims[config.usernameClaim]);
    if (!username.success) throw new AppError('IDENTITY_REFUSED', { claim: config.usernameClaim });
    const user = await logIn({ issuer: config.issuer, subject, username: username.data, correlationId });
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(subject, { user, untilMs: nowMs() + KEEP_MS });
    return user;
  };
  return {
    callerOf: async (token, correlationId) => {
      const claims = await verify(token);
      const { username, isAdmin } = await userOf(claims.sub, claims, correlationId);
      return { name: username, isAdmin: isAdmin || saysAdmin(claims, config.admin), roles: {} };
    },
  };
}

/** By the service that decides for users. */
export const loginOver =
  (nats: NatsConnection) =>
  (command: LoginCommand): Promise<LoginReply> =>
    request(nats, commandSubjects.login, command, { reply: LoginReply });

function saysAdmin(claims: JWTPayload, admin: OidcConfig['admin']): boolean {
  if (!admin) return false;
  const said = claims[admin.claim];
  return said === admin.value || (Array.isArray(said) && said.includes(admin.value));
}
