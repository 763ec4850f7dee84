import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type CheckoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { withProgress } from '../progress.js';
import type { RunningChild, Supervisor } from '../process/supervisor.js';
import { withLock } from '../process/lock.js';
import { becomesTrue } from '../process/wait.js';
import { type NamedPort, requireFree } from './ports.js';
import { withoutPassword } from './url.js';

export interface Registry {
  readonly url: string;
  readonly origin: string;
}

export interface RegistryOptions {
  readonly port: NamedPort; // of one that has to be started
  readonly program: string | undefined; // needed unless one is given
  readonly given: string | undefined; // REGISTRY_URL
  readonly api?: string | undefined; // of the gateway that says what is public; absent: nothing is
}

const ANSWER_LIMIT_MS = 15_000; // that of a busy machine
const START_LIMIT_MS = 20_000;

/** The one that REGISTRY_URL names, or another command of this checkout runs. @throws Problem when the first is silent */
export async function findRegistry(paths: CheckoutPaths, given: string | undefined): Promise<Registry | undefined> {
  if (given) {
    const why = await silence(given);
    if (why === undefined) return { url: given, origin: 'REGISTRY_URL' };
    throw new Problem(
      `no registry answers at REGISTRY_URL=${withoutPassword(given)} (${why}): start it, or unset the variable.`,
    );
  }
  const other = existsSync(urlFile(paths)) ? readFileSync(urlFile(paths), 'utf8') : undefined;
  if (!other || (await silence(other)) !== undefined) return undefined;
  return { url: other, origin: 'another command of this checkout' };
}

/** One that runs already, else a new one under `supervisor`. @throws Problem */
export async function provideRegistry(
  paths: CheckoutPaths,
  supervisor: Supervisor,
  { given, ...options }: RegistryOptions,
): Promise<Registry> {
  return withLock(
    join(paths.run, 'registry.lock'),
    async () => (await findRegistry(paths, given)) ?? startRegistry(paths, supervisor, options),
  );
}

const urlFile = (paths: CheckoutPaths): string => join(paths.run, 'registry.url');

/**
 * The registry knows no tenants, so it listens on a socket that only this user may open, and a gate with a login is in
 * front of it: neither a Dockerfile's `ADD` nor its `FROM` reads the images of somebody else.
 */
async function startRegistry(
  paths: CheckoutPaths,
  supervisor: Supervisor,
  { port, program = 'docker-registry', api = '' }: Omit<RegistryOptions, 'given'>,
): Promise<Registry> {
  await requireFree([port]);
  const config = join(paths.registry, 'config.yml');
  mkdirSync(join(paths.registry, 'storage'), { recursive: true, mode: 0o700 });
  supervisor.leave({ kind: 'path', path: paths.registrySocket });
  rmSync(paths.registrySocket, { force: true });
  writeFileSync(config, configFor(join(paths.registry, 'storage'), paths.registrySocket));
  const registry = supervisor.spawn({
    name: 'registry',
    command: program,
    args: ['serve', config],
    env: withoutRegistryVariables(),
    logFile: join(paths.log, 'registry.log'),
  });
  const login = loginOf(paths);
  const gate = supervisor.spawn({
    name: 'registry-gate',
    command: process.execPath,
    args: [GATE],
    env: {
      ...withoutRegistryVariables(),
      GATE_LISTEN: `127.0.0.1:${port.port}`,
      GATE_REGISTRY: `unix:${paths.registrySocket}`,
      GATE_LOGIN: login,
      GATE_API: api,
    },
    logFile: join(paths.log, 'registry-gate.log'),
  });
  const url = `http://${login}@127.0.0.1:${port.port}`;
  await withProgress('starting the registry', () => answers(url, [registry, gate], paths));
  supervisor.leave({ kind: 'path', path: urlFile(paths) });
  writeFileSync(urlFile(paths), url, { mode: 0o600 });
  return { url, origin: "this checkout's own" };
}

const GATE = join(ROOT, 'deploy', 'registry', 'gate.mjs');

/** `user:password`, the same at every start: who has logged in stays so. */
function loginOf(paths: CheckoutPaths): string {
  const file = join(paths.registry, 'login');
  if (!existsSync(file)) writeFileSync(file, `slipway:${randomBytes(24).toString('base64url')}`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** JSON is YAML; deletes are enabled so that images can be removed, the cache is what makes a repeated push fast. */
const configFor = (storage: string, socket: string): string =>
  JSON.stringify({
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: true },
      cache: { blobdescriptor: 'inmemory' },
    },
    http: { net: 'unix', addr: socket },
  });

/** The registry takes any REGISTRY_… variable for a setting of its own, REGISTRY_URL and REGISTRY_PORT too. */
const withoutRegistryVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('REGISTRY_')));

async function answers(url: string, children: readonly RunningChild[], paths: CheckoutPaths): Promise<void> {
  const ended = Promise.race(children.map(({ exited }) => exited)).then(() => false);
  const ready = becomesTrue(async () => (await silence(url)) === undefined, { limitMs: START_LIMIT_MS });
  if (await Promise.race([ended, ready])) return;
  throw new Problem(`the registry did not start: see ${join(paths.log, 'registry.log')}, or set REGISTRY_URL.`);
}

/** Why it cannot be used, or `undefined` when it answers. */
async function silence(url: string): Promise<string | undefined> {
  if (!URL.canParse(url)) return 'not a URL';
  const { username, password, origin, protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return 'not an http(s) URL';
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  try {
    const response = await fetch(`${origin}/v2/`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      headers: username ? { authorization } : {},
    });
    if (response.ok) return undefined;
    return response.status === 401 ? 'it refuses the user and password of the URL' : `it answered ${response.status}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}
