import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { serverProgram } from '@slipway/testing';
import { readDoc, ROOT } from '../../docs/markdown.js';

export type Env = Readonly<Record<string, string>>;

export interface ComposeService {
  readonly name: string;
  readonly app: string | undefined; // the service of the image; none: another image
  readonly image: string;
  readonly env: Env;
  readonly ports: readonly unknown[];
  readonly networkMode: string | undefined;
  readonly dependsOn: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test?: readonly string[] };
  /** Named ones, as `<volume>:<folder>`. */
  readonly volumes: readonly string[];
}

interface Definition {
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly environment?: Env;
  readonly ports?: readonly unknown[];
  readonly network_mode?: string;
  readonly depends_on?: ComposeService['dependsOn'];
  readonly healthcheck?: ComposeService['healthcheck'];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
}

/** Good values for what has no default. */
export const REQUIRED: Env = {
  SLIPWAY_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  REGISTRY_PASSWORD: '0123456789abcdef',
  DOCKER_GID: '999',
};

/** As `docker compose` reads the file when only what must be set is set. @throws with what it says against it */
export function composeServices(file: string, env: Env = REQUIRED): readonly ComposeService[] {
  const { services } = rendered(file, env);
  return Object.entries(services).map(([name, { image, command, environment = {}, ...rest }]) => ({
    name,
    app: image === 'slipway' ? command?.[0] : undefined,
    image,
    env: environment,
    ports: rest.ports ?? [],
    networkMode: rest.network_mode,
    dependsOn: rest.depends_on ?? {},
    healthcheck: rest.healthcheck ?? {},
    volumes: (rest.volumes ?? []).flatMap(({ type, source, target }) =>
      type === 'volume' ? `${source}:${target}` : [],
    ),
  }));
}

function rendered(file: string, env: Env): { readonly services: Readonly<Record<string, Definition>> } {
  const args = ['--file', join(ROOT, file), '--env-file', '/dev/null', 'config', '--format', 'json'];
  const stdout = execFileSync(serverProgram('docker-compose'), args, { env, encoding: 'utf8', stdio: 'pipe' });
  return JSON.parse(stdout) as { services: Readonly<Record<string, Definition>> };
}

const VARIABLE = /\$\{([A-Z_]+)/g;

/** Every variable that the file asks for, once. */
export const composeVariables = (file: string): readonly string[] => [
  ...new Set([...readDoc(file).matchAll(VARIABLE)].map(([, name = '']) => name)),
];

/** `NAME=value` lines; comments are left out. */
export const envFile = (file: string): Env =>
  Object.fromEntries(
    [...readDoc(file).matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
