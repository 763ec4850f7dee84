import { codeHostBases, codeHostEnv } from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { readEnv } from '@slipway/platform';
import { z } from 'zod';

const BaseUrl = z.url({ protocol: /^https?$/ });

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
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    natsUrl: env.NATS_URL,
    databaseUrl: env.DATABASE_URL,
    hosts: codeHosts(codeHostBases(env)),
  }));

export type GatewayConfig = Readonly<z.output<typeof Env>>;

/** @throws ConfigError, naming every bad variable */
export const readConfig = (env?: NodeJS.ProcessEnv): GatewayConfig => readEnv(Env, env);
