import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process for certain: a pid alone is given to a stranger sooner or later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process of the same boot. */
  readonly startedAt: string;
}

/** `undefined` when no such process runs; one that has ended but was not collected yet counts as gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : psStart(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export const isRunning = ({ pid, startedAt }: ProcessIdentity): boolean => identify(pid)?.startedAt === startedAt;

/** Sends a signal to this very process, or to nobody. */
export function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (isRunning(target)) send(target.pid, name);
}

/** The same for a process and the group it leads. */
export function signalGroup(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (isRunning(target) && !send(-target.pid, name)) send(target.pid, name);
}

/**
 * Every process, other than this one, whose environment has `name=value` exactly: children of children that made
 * themselves daemons are found too. Linux only; elsewhere the answer is empty and process groups have to do.
 */
export function processesWithEnv(name: string, value: string): readonly ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${name}=${value}`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid && environmentOf(pid).includes(wanted))
    .map(identify)
    .filter((found) => found !== undefined);
}

function send(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // gone between the look and the signal
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // gone, or somebody else's
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat: state, and start in clock ticks since boot. The name before them may hold anything. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

function psStart(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
