import { parse } from 'yaml';
import { readDoc } from '../../docs/markdown.js';

export type Env = Readonly<Record<string, string>>;

export interface ComposeService {
  readonly name: string;
  readonly app: string | undefined; // the service of the image; none: another image
  readonly image: string;
  readonly env: Env;
  readonly dependsOn: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test?: readonly string[] };
}

interface Definition {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: ComposeService['dependsOn'];
  readonly healthcheck?: ComposeService['healthcheck'];
}

/** Good values for what has no default. */
const REQUIRED: Env = { SLIPWAY_SECRET_KEY: Buffer.alloc(32).toString('base64'), DOCKER_GID: '999' };

const VARIABLE = /\$\{([A-Z_]+)(?::([-?])((?:[^{}])*))?\}/g;

/** As `docker compose` reads the file when only what must be set is set. */
export function composeServices(file: string): readonly ComposeService[] {
  const { services } = parse(readDoc(file), { merge: true }) as { services: Readonly<Record<string, Definition>> };
  return Object.entries(services).map(([name, { image, command = [], environment = {}, ...rest }]) => ({
    name,
    app: image.startsWith('${SLIPWAY_IMAGE') ? command[0] : undefined,
    image: fill(image),
    env: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, fill(String(value))])),
    dependsOn: rest.depends_on ?? {},
    healthcheck: rest.healthcheck ?? {},
  }));
}

const fill = (text: string): string =>
  text.replaceAll(VARIABLE, (_, name: string, kind: string | undefined, fallback: string) =>
    kind === '-' ? fallback : (REQUIRED[name] ?? ''),
  );

/** Every variable that the file asks for, once. */
export const composeVariables = (file: string): readonly string[] => [
  ...new Set([...readDoc(file).matchAll(VARIABLE)].map(([, name = '']) => name)),
];

/** `NAME=value` lines; comments are left out. */
export const envFile = (file: string): Env =>
  Object.fromEntries(
    [...readDoc(file).matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
