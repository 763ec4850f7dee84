import { execFileSync } from 'node:child_process';
import { StepCgroups } from '../../../apps/build-agent/src/limits/step-cgroups.js';

/** Addresses of the steps that run now and listen on a port. */
export function stepsThatListen(port: number): readonly string[] {
  const cgroups = new StepCgroups(process.env['SLIPWAY_ENGINE_CGROUP'] ?? '/none');
  return cgroups.list().flatMap((path) => {
    const [pid] = cgroups.processes(path);
    if (pid === undefined || !inNetworkOf(pid, 'ss', '-ltn').includes(`:${port} `)) return [];
    return /inet ([\d.]+)/.exec(inNetworkOf(pid, 'ip', '-4', 'address', 'show', 'eth0'))?.[1] ?? [];
  });
}

function inNetworkOf(pid: number, ...command: readonly string[]): string {
  try {
    return execFileSync('nsenter', ['-t', String(pid), '-n', ...command], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return ''; // over
  }
}
