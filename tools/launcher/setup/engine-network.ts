import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type CheckoutPaths } from '../paths.js';
import { say } from '../progress.js';
import type { Supervisor } from '../process/supervisor.js';
import { run } from './command.js';

/** Where version 2 is mounted: alone, or beside version 1. */
const CGROUP2_ROOTS = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'] as const;
const IPV4_NETWORK = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;
const PROXIES = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'] as const;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
const EVERY_TEST_SERVER = '127.0.0.0/8';

const FIREWALL = join(ROOT, 'deploy', 'engine', 'firewall');
const cgroupOf = (paths: CheckoutPaths): string => `slipway-${paths.hash}-engine`;
const chainOf = (paths: CheckoutPaths): string => `out-${cgroupOf(paths)}`;

/** A program and its arguments. */
export type CommandLine = readonly [command: string, ...args: string[]];

/** The private addresses and networks that PRIVATE_HOSTS names; loopback is never one that builds may reach. */
export const privateNetworks = (): readonly string[] =>
  (process.env['PRIVATE_HOSTS'] ?? '')
    .split(',')
    .map((host) => host.trim())
    .filter((host) => IPV4_NETWORK.test(host) && !host.startsWith('127.'));

/**
 * What the engine itself fetches (FROM, ADD) comes from the internet, and from nowhere else on this machine or its
 * networks that was not allowed. A kernel that cannot tell the engine's packets apart is no reason not to build.
 * @returns how a process of the engine is started so that the rules are about it
 */
export async function closeEngine(
  paths: CheckoutPaths,
  supervisor: Supervisor,
): Promise<(commandLine: CommandLine) => CommandLine> {
  const root = CGROUP2_ROOTS.find((directory) => existsSync(join(directory, 'cgroup.controllers')));
  try {
    if (!root) throw new Error('cgroup v2 is not mounted');
    supervisor.leave({ kind: 'cgroup', name: cgroupOf(paths) });
    supervisor.leave({ kind: 'packet-rules', name: chainOf(paths) });
    mkdirSync(join(root, cgroupOf(paths)), { recursive: true });
    await run(FIREWALL, ['engine', cgroupOf(paths), ...privateNetworks(), ...proxies()]);
  } catch (error) {
    say(`an ADD <url> of a build reaches this machine and its networks: ${(error as Error).message}`);
    return (commandLine) => commandLine;
  }
  const procs = join(root, cgroupOf(paths), 'cgroup.procs');
  return ([command, ...args]) => ['/bin/sh', '-c', 'echo $$ >"$0" && exec "$@"', procs, command, ...args];
}

/** The engine pushes to it and pulls from it, for as long as this command runs. Nothing for an engine that is not closed. */
export const allowRegistry = (paths: CheckoutPaths, supervisor: Supervisor, url: string): Promise<void> =>
  allow(paths, supervisor, placeOf(url));

/** Tests have registries and servers of their own, on any port. */
export const allowTestServers = (paths: CheckoutPaths, supervisor: Supervisor): Promise<void> =>
  allow(paths, supervisor, EVERY_TEST_SERVER);

async function allow(paths: CheckoutPaths, supervisor: Supervisor, place: string): Promise<void> {
  if (!CGROUP2_ROOTS.some((root) => existsSync(join(root, cgroupOf(paths))))) return;
  const name = `slipway-${randomBytes(8).toString('hex')}`;
  supervisor.leave({ kind: 'packet-rules', name });
  await run(FIREWALL, ['engine-allow', cgroupOf(paths), name, place]).catch((error: Error) =>
    say(`the container engine may not reach ${place}: ${error.message}`),
  );
}

/** Whatever proxy the engine is to use, it is this machine's. */
const proxies = (): readonly string[] => {
  const urls = PROXIES.map((name) => process.env[name] ?? '').filter((url) => URL.canParse(url));
  return [...new Set(urls.map(placeOf))];
};

/** `HOST:PORT`, as the firewall names places. */
export function placeOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (DEFAULT_PORTS[protocol] ?? '80')}`;
}
