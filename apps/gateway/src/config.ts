import { codeHostBases, codeHostEnv, codeHostSshBases } from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { privateHostsEnv } from '@slipway/egress';
import { readEnv } from '@slipway/platform';
import { z } from 'zod';
import type { OidcConfig } from './auth/oidc/logins.js';

const BaseUrl = z.url({ protocol: /^https?$/ });

const perMinute = (count: number) => z.coerce.number().int().min(1).max(10_000_000).default(count);

/** An address, or a network in CIDR form. */
const Network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be addresses or networks');

const Env = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    /** 0: a free one. */
    PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    /** How callers reach the gateway, for the links it answers; absent: the host they asked for. */
    PUBLIC_URL: BaseUrl.optional(),
    /** Of `/metrics`, which is not for callers of the API. */
    METRICS_HOST: z.string().default('127.0.0.1'),
    METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    NATS_URL: z.string().min(1),
    /** `sqlite:<absolute path>` or `postgres://…`. */
    DATABASE_URL: z.string().regex(/^(?:sqlite:.|postgres(?:ql)?:\/\/)/, 'must be sqlite:<path> or postgres://…'),
    ...codeHostEnv,
    ...privateHostsEnv,
    /** Whose `X-Forwarded-For` tells the client's address: addresses and networks, by commas. Empty: nobody's. */
    TRUSTED_PROXIES: z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
      .pipe(z.array(Network)),
    /** Whose JWTs are logins, with `Authorization: Bearer`; absent: nobody's. */
    OIDC_ISSUER: BaseUrl.optional(),
    OIDC_AUDIENCE: z.string().min(1).optional(),
    OIDC_USERNAME_CLAIM: z.string().min(1).default('preferred_username'),
    /** Whoever has this value in this claim is an administrator. */
    OIDC_ADMIN_CLAIM: z.string().min(1).optional(),
    OIDC_ADMIN_VALUE: z.string().min(1).optional(),
    /** Requests a minute, of each gateway by itself; see `RateLimitConfig`. */
    RATE_LIMIT_ANONYMOUS: perMinute(600),
    RATE_LIMIT_CALLER: perMinute(120_000),
    RATE_LIMIT_WRITES: perMinute(60_000),
    RATE_LIMIT_WEBHOOKS: perMinute(600),
    RATE_LIMIT_FAILURES: perMinute(100),
    RATE_LIMIT_LOGINS: perMinute(20),
  })
  .refine((env) => env.OIDC_ISSUER === undefined || env.OIDC_AUDIENCE !== undefined, {
    path: ['OIDC_AUDIENCE'],
    message: 'required together with OIDC_ISSUER',
  })
  .refine((env) => (env.OIDC_ADMIN_CLAIM === undefined) === (env.OIDC_ADMIN_VALUE === undefined), {
    path: ['OIDC_ADMIN_VALUE'],
    message: 'goes together with OIDC_ADMIN_CLAIM',
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
    natsUrl: env.NATS_URL,
    databaseUrl: env.DATABASE_URL,
    oidc: oidcOf(env),
    privateHosts: env.PRIVATE_HOSTS,
    trustedProxies: env.TRUSTED_PROXIES,
    limits: {
      anonymous: env.RATE_LIMIT_ANONYMOUS,
      caller: env.RATE_LIMIT_CALLER,
      writes: env.RATE_LIMIT_WRITES,
      webhooks: env.RATE_LIMIT_WEBHOOKS,
      failures: env.RATE_LIMIT_FAILURES,
      logins: env.RATE_LIMIT_LOGINS,
    },
    hosts: codeHosts(codeHostBases(env), codeHostSshBases(env)),
  }));

function oidcOf(env: {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_AUDIENCE?: string | undefined;
  readonly OIDC_USERNAME_CLAIM: string;
  readonly OIDC_ADMIN_CLAIM?: string | undefined;
  readonly OIDC_ADMIN_VALUE?: string | undefined;
}): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ADMIN_CLAIM: claim, OIDC_ADMIN_VALUE: value } = env;
  if (issuer === undefined || audience === undefined) return undefined;
  const admin = claim === undefined || value === undefined ? undefined : { claim, value };
  return { issuer, audience, usernameClaim: env.OIDC_USERNAME_CLAIM, admin };
}

export type GatewayConfig = Readonly<z.output<typeof Env>>;

/** @throws ConfigError, naming every bad variable */
export const readConfig = (env?: NodeJS.ProcessEnv): GatewayConfig => readEnv(Env, env);
