import { readEnv, Secret } from '@slipway/platform';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const file = z.string({ error: 'must be the path of the SQLite file' }).min(1);

const ServerEnv = z
  .object({
    EVENT_STORE_FILE: file,
    EVENT_STORE_HOST: z.string().default('127.0.0.1'),
    EVENT_STORE_PORT: port.default(2113), // 0 = a free one
    EVENT_STORE_TLS_CERT: z.string().optional(), // path, PEM
    EVENT_STORE_TLS_KEY: z.string().optional(), // path, PEM
    EVENT_STORE_USER: z.string().optional(),
    EVENT_STORE_PASSWORD: z
      .string()
      .transform((value) => new Secret(value))
      .optional(),
    HEALTH_HOST: z.string().default('127.0.0.1'),
    HEALTH_PORT: port.default(0),
  })
  .check(({ value, issues }) => {
    const missing = SECURITY.filter((name) => value[name] === undefined);
    const isOpen = missing.length === SECURITY.length;
    if (missing.length === 0 || (isOpen && isLoopback(value.EVENT_STORE_HOST))) return;
    const because = isOpen
      ? `required because EVENT_STORE_HOST is ${value.EVENT_STORE_HOST}, not loopback`
      : `required together with ${SECURITY.filter((name) => value[name] !== undefined).join(', ')}`;
    for (const name of missing) issues.push({ code: 'custom', input: undefined, path: [name], message: because });
  });

/** All of them or none: without TLS the client sends no password, and without a password TLS protects nothing. */
const SECURITY = ['EVENT_STORE_TLS_CERT', 'EVENT_STORE_TLS_KEY', 'EVENT_STORE_USER', 'EVENT_STORE_PASSWORD'] as const;

export type ServerConfig = Readonly<z.output<typeof ServerEnv>>;

/** @throws ConfigError naming every bad variable */
export const readServerConfig = (env?: NodeJS.ProcessEnv): ServerConfig => readEnv(ServerEnv, env);

/** The one variable of the offline commands. @throws ConfigError */
export const readStoreFile = (env?: NodeJS.ProcessEnv): string =>
  readEnv(z.object({ EVENT_STORE_FILE: file }), env).EVENT_STORE_FILE;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
