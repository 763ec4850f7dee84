import { codeHostBases, codeHostEnv, codeHostSshBases } from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { readEnv } from '@slipway/platform';
import { z } from 'zod';

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
    NATS_URL: z.string().min(1),
    /** `sqlite:<absolute path>` or `postgres://…`. */
    DATABASE_URL: z.string().regex(/^(?:sqlite:.|postgres(?:ql)?:\/\/)/, 'must be sqlite:<path> or postgres://…'),
    ...codeHostEnv,
    /** Whose `X-Forwarded-For` tells the client's address: addresses and networks, by commas. Empty: nobody's. */
    TRUSTED_PROXIES: z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
      .pipe(z.array(Network)),
    /** Requests a minute, of each gateway by itself; see `RateLimitConfig`. */
    RATE_LIMIT_ANONYMOUS: perMinute(600),
    RATE_LIMIT_CALLER: perMinute(120_000),
    RATE_LIMIT_WRITES: perMinute(60_000),
    RATE_LIMIT_FAILURES: perMinute(100),
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    natsUrl: env.NATS_URL,
    databaseUrl: env.DATABASE_URL,
    trustedProxies: env.TRUSTED_PROXIES,
    limits: {
      anonymous: env.RATE_LIMIT_ANONYMOUS,
      caller: env.RATE_LIMIT_CALLER,
      writes: env.RATE_LIMIT_WRITES,
      failures: env.RATE_LIMIT_FAILURES,
    },
    hosts: codeHosts(codeHostBases(env), codeHostSshBases(env)),
  }));

export type GatewayConfig = Readonly<z.output<typeof Env>>;

/** @throws ConfigError, naming every bad variable */
export const readConfig = (env?: NodeJS.ProcessEnv): GatewayConfig => readEnv(Env, env);
