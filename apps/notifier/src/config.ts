import { createSecretKey, type KeyObject } from 'node:crypto';
import { codeHostApiBases, codeHostApiEnv, codeHostBases, codeHostEnv } from '@slipway/contracts';
import { codeHostApis, codeHosts } from '@slipway/domain';
import { privateHostsEnv } from '@slipway/egress';
import { readEnv, Secret } from '@slipway/platform';
import { z } from 'zod';

const SECRET_KEY_BYTES = 32;
const SecretKey = z.string().transform((text, context): KeyObject => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== SECRET_KEY_BYTES) {
    context.addIssue({ code: 'custom', message: `must be base64 of ${SECRET_KEY_BYTES} bytes` });
    return z.NEVER;
  }
  return createSecretKey(bytes);
});

const Env = z
  .object({
    EVENTSTORE_URL: z.string().min(1),
    /** Where several notifiers agree on which one works. Without it each does. */
    DATABASE_URL: z
      .string()
      .regex(/^(?:sqlite:\/|postgres(?:ql)?:\/\/)/, { error: 'must be sqlite:<absolute path> or postgres://…' })
      .optional(),
    /** Opens the secrets of hooks and the tokens for code hosts: the key that the repository service sealed them with. */
    SLIPWAY_SECRET_KEY: SecretKey,
    /** Former ones, separated by commas: they still open, until everything is sealed anew. */
    SLIPWAY_SECRET_KEY_OLD: z
      .string()
      .default('')
      .transform((text) => text.split(',').filter((key) => key !== ''))
      .pipe(z.array(SecretKey)),
    ...privateHostsEnv,
    ...codeHostEnv,
    ...codeHostApiEnv,
    /** For the links in mails and the source of requests. */
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
    /** Without it no mail is sent. */
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    MAIL_FROM: z.string().min(1).default('slipway@localhost'),
    HEALTH_HOST: z.string().default('127.0.0.1'),
    HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  })
  .transform((env) => ({
    eventStoreUrl: env.EVENTSTORE_URL,
    databaseUrl: env.DATABASE_URL,
    secretKeys: [env.SLIPWAY_SECRET_KEY, ...env.SLIPWAY_SECRET_KEY_OLD],
    privateHosts: env.PRIVATE_HOSTS,
    codeHostApis: codeHostApis(codeHostApiBases(env), codeHosts(codeHostBases(env))),
    publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
    mail: env.SMTP_URL === undefined ? undefined : { smtpUrl: new Secret(env.SMTP_URL), from: env.MAIL_FROM },
    health: { host: env.HEALTH_HOST, port: env.HEALTH_PORT },
  }));

export type NotifierConfig = Readonly<z.output<typeof Env>>;

/** @throws ConfigError, naming every bad variable */
export const readConfig = (env?: NodeJS.ProcessEnv): NotifierConfig => readEnv(Env, env);
