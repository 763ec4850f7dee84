import { readEnv } from '@slipway/platform';
import { z } from 'zod';

const Stores = {
  EVENTSTORE_URL: z.string().min(1),
  DATABASE_URL: z.string().regex(/^(?:sqlite:\/|postgres(?:ql)?:\/\/)/, {
    error: 'must be sqlite:<absolute path> or postgres://…',
  }),
};

const RebuildEnv = z
  .object(Stores)
  .transform((env) => ({ eventStoreUrl: env.EVENTSTORE_URL, databaseUrl: env.DATABASE_URL }));

const Env = z
  .object({
    ...Stores,
    NATS_URL: z.string().min(1),
    HEALTH_HOST: z.string().default('127.0.0.1'),
    HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  })
  .transform((env) => ({
    eventStoreUrl: env.EVENTSTORE_URL,
    databaseUrl: env.DATABASE_URL,
    natsUrl: env.NATS_URL,
    health: { host: env.HEALTH_HOST, port: env.HEALTH_PORT },
  }));

export type RebuildConfig = Readonly<z.output<typeof RebuildEnv>>;
export type ProjectionsConfig = Readonly<z.output<typeof Env>>;

/** @throws ConfigError, naming every bad variable */
export const readConfig = (env?: NodeJS.ProcessEnv): ProjectionsConfig => readEnv(Env, env);

/** A rebuild publishes nothing, so it needs no NATS. @throws ConfigError */
export const readRebuildConfig = (env?: NodeJS.ProcessEnv): RebuildConfig => readEnv(RebuildEnv, env);
