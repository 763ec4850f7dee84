import { createSecretKey, type KeyObject } from 'node:crypto';
import {
  codeHostBases,
  CodeHostName,
  codeHostEnv,
  codeHostSshBases,
  networkPolicyEnv,
  UserName,
} from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { privateHostsEnv } from '@slipway/egress';
import { readEnv } from '@slipway/platform';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);

const SECRET_KEY_BYTES = 32;
const SecretKey = z.string().transform((text, context): KeyObject => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== SECRET_KEY_BYTES) {
    context.addIssue({ code: 'custom', message: `must be base64 of ${SECRET_KEY_BYTES} bytes` });
    return z.NEVER;
  }
  return createSecretKey(bytes);
});

/** The keys that deploy keys and build secrets are sealed with. */
const secretKeyEnv = {
  /** Seals the private halves of deploy keys, and build secrets. Whoever loses it must issue and set all of them anew. */
  SLIPWAY_SECRET_KEY: SecretKey,
  /** Former ones, separated by commas: they still open, until everything is sealed anew. */
  SLIPWAY_SECRET_KEY_OLD: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((key) => key !== ''))
    .pipe(z.array(SecretKey)),
};

const Env = z
  .object({
    NATS_URL: z.string().min(1),
    EVENTSTORE_URL: z.string().min(1),
    ...secretKeyEnv,
    /** Clients whose deploy keys are RSA, separated by commas; all others' are ed25519. */
    DEPLOY_KEY_RSA_CLIENTS: z
      .string()
      .default('')
      .transform((text) => text.split(',').filter((client) => client !== ''))
      .pipe(z.array(CodeHostName)),
    ADMIN_USER: UserName.default('admin'),
    /** Where the administrator's token is kept, mode 600. */
    ADMIN_TOKEN_FILE: z.string().min(1),
    ...codeHostEnv,
    /** PEM bundle: who may have signed the certificates of code hosts, instead of the machine's own. */
    CODE_HOST_CA_FILE: z.string().min(1).optional(),
    ...privateHostsEnv, // code hosts there are asked where a pushed ref is
    /** How often the refs of repositories with continuous build are compared with what was told; 0: never. */
    RECONCILE_INTERVAL_S: z.coerce.number().int().min(0).max(86_400).default(600),
    ...networkPolicyEnv,
    HEALTH_HOST: z.string().default('127.0.0.1'),
    HEALTH_PORT: Port.default(0),
  })
  .transform((env) => ({
    natsUrl: env.NATS_URL,
    eventStoreUrl: env.EVENTSTORE_URL,
    secretKey: env.SLIPWAY_SECRET_KEY,
    rsaClients: env.DEPLOY_KEY_RSA_CLIENTS,
    oldSecretKeys: env.SLIPWAY_SECRET_KEY_OLD,
    adminUser: env.ADMIN_USER,
    adminTokenFile: env.ADMIN_TOKEN_FILE,
    codeHostCaFile: env.CODE_HOST_CA_FILE,
    privateHosts: env.PRIVATE_HOSTS,
    reconcileMs: env.RECONCILE_INTERVAL_S > 0 ? env.RECONCILE_INTERVAL_S * 1_000 : undefined,
    networkPolicies: { initial: env.NETWORK_POLICY_DEFAULT, loosest: env.NETWORK_POLICY_LOOSEST },
    health: { host: env.HEALTH_HOST, port: env.HEALTH_PORT },
    hosts: codeHosts(codeHostBases(env), codeHostSshBases(env)),
  }));

export type RepositoryConfig = Readonly<z.output<typeof Env>>;

/** @throws ConfigError, naming every bad variable */
export const readConfig = (env?: NodeJS.ProcessEnv): RepositoryConfig => readEnv(Env, env);

/** What `keys rotate` needs: less than the service. */
const KeysEnv = z
  .object({ EVENTSTORE_URL: z.string().min(1), ...secretKeyEnv })
  .transform(({ EVENTSTORE_URL: eventStoreUrl, SLIPWAY_SECRET_KEY: present, SLIPWAY_SECRET_KEY_OLD: former }) => ({
    eventStoreUrl,
    secretKeys: [present, ...former] as const,
  }));

/** @throws ConfigError, naming every bad variable */
export const readKeysConfig = (env?: NodeJS.ProcessEnv): Readonly<z.output<typeof KeysEnv>> => readEnv(KeysEnv, env);
