import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT, type CheckoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { say } from '../progress.js';
import type { Supervisor } from '../process/supervisor.js';
import { findOnPath, run } from './command.js';
import { placeOf, privateNetworks } from './engine-network.js';

const CGROUP_ROOT = '/sys/fs/cgroup';
const MEMORY_SHARE = 0.75; // of the machine, for all builds together
const PIDS_MAX = 4_096;

/** As the kernel names it. */
export const cgroupOf = (paths: CheckoutPaths): string => `/slipway-${paths.hash}`;

/**
 * The cgroup of every container of our engine. BuildKit ignores the limits of a request, so they are set here; a
 * kernel that does not offer one is no reason not to build.
 */
export function prepareCgroup(paths: CheckoutPaths, supervisor: Supervisor): string {
  const name = cgroupOf(paths).slice(1);
  supervisor.leave({ kind: 'cgroup', name });
  const memory = String(Math.floor(totalmem() * MEMORY_SHARE));
  const unified = existsSync(join(CGROUP_ROOT, 'cgroup.controllers'));
  const limits = unified
    ? [[name, 'memory.max', memory] as const, [name, 'pids.max', String(PIDS_MAX)] as const]
    : [
        [join('memory', name), 'memory.limit_in_bytes', memory] as const,
        [join('pids', name), 'pids.max', String(PIDS_MAX)] as const,
      ];
  for (const [directory, file, value] of limits) limit(join(CGROUP_ROOT, directory), file, value);
  return cgroupOf(paths);
}

function limit(directory: string, file: string, value: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, file), value);
  } catch (error) {
    say(`builds run without the limit ${file}: ${(error as Error).message}`);
  }
}

/**
 * A bridge of our own, so that two engines on one machine do not hand out the same addresses. Without the `ip` tool
 * the engine's default bridge has to do.
 * @returns dockerd's arguments
 */
export async function prepareBridge(paths: CheckoutPaths, supervisor: Supervisor): Promise<readonly string[]> {
  const ip = findOnPath('ip');
  if (!ip && process.env['BUILD_PROXY_URL'])
    throw new Problem('the `ip` tool is missing, without which steps of builds cannot be kept to BUILD_PROXY_URL.');
  if (!ip) return [];
  const name = `slip${paths.hash}`; // 12 of the 15 bytes that a name may have
  supervisor.leave({ kind: 'bridge', name });
  if (!existsSync(join('/sys/class/net', name))) await run(ip, ['link', 'add', 'name', name, 'type', 'bridge']);
  await run(ip, ['address', 'replace', `${freeSubnet(paths.hash)}.1/24`, 'dev', name]);
  await run(ip, ['link', 'set', name, 'up']);
  await closeBridge(name);
  return ['--bridge', name, '--icc=false'];
}

/**
 * Steps of builds reach the internet, but neither this machine nor a private network that nobody named; with
 * BUILD_PROXY_URL, by which agents hold builds to the policy `proxy`, they reach that proxy and nothing else.
 */
async function closeBridge(bridge: string): Promise<void> {
  const proxy = process.env['BUILD_PROXY_URL'];
  const rules = proxy ? ['proxy', bridge, placeOf(proxy)] : ['full', bridge, ...privateNetworks()];
  await run(join(ROOT, 'deploy', 'engine', 'firewall'), rules).catch((error: Error) => {
    if (proxy) throw new Problem(`steps of builds cannot be kept to BUILD_PROXY_URL=${proxy}: ${error.message}`);
    say(`steps of builds reach this machine and its networks: ${error.message}`);
  });
}

/** Of 10.200–10.249.x.0/24 the first from the hash on that no interface of this machine is in. */
function freeSubnet(hash: string): string {
  const taken = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);
  const start = Number.parseInt(hash, 16);
  for (let step = 0; ; step++) {
    const index = (start + step) % (50 * 256);
    const subnet = `10.${200 + Math.floor(index / 256)}.${index % 256}`;
    if (!taken.some((address) => address.startsWith(`${subnet}.`))) return subnet;
  }
}
