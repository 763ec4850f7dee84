import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { becomesTrue } from './wait.js';

const CGROUP_ROOT = '/sys/fs/cgroup';
const SYSTEM_PATH = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
const PACKET_FILTERS = ['iptables', 'ip6tables'] as const;
const EMPTY_LIMIT_MS = 5_000;

/** One directory in version 2, one a controller in version 1. The containers in it have no other parent. */
export async function removeCgroup(name: string): Promise<void> {
  const tops = cgroupTops(name);
  const emptied = () => {
    const pids = tops.flatMap((top) => cgroupTree(top).flatMap(pidsOf));
    for (const pid of pids) kill(pid);
    return pids.length === 0;
  };
  if (await becomesTrue(emptied, { limitMs: EMPTY_LIMIT_MS }))
    for (const directory of tops.flatMap(cgroupTree)) rmdirSync(directory);
}

function kill(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL'); // 0: a process of a namespace that is not ours to see
  } catch {
    // gone since its pid was read
  }
}

function cgroupTops(name: string): readonly string[] {
  if (!existsSync(CGROUP_ROOT)) return [];
  const roots = existsSync(join(CGROUP_ROOT, 'cgroup.controllers'))
    ? [CGROUP_ROOT]
    : readdirSync(CGROUP_ROOT).map((controller) => join(CGROUP_ROOT, controller));
  return roots.map((root) => join(root, name)).filter((path) => existsSync(path));
}

/** Children before their parents. */
function cgroupTree(top: string): readonly string[] {
  if (!existsSync(top)) return []; // the engine removes some itself
  const children = readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap((entry) => cgroupTree(join(top, entry.name))), top];
}

function pidsOf(directory: string): readonly number[] {
  const file = join(directory, 'cgroup.procs');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number) : [];
}

/** The bridge, and the packet filter rules that were made for it: by the engine, which does not take them back, and by us. */
export function removeBridge(name: string): void {
  removeRulesWith(name);
  for (const chain of [`${name}-host`, `${name}-world`]) removeChain(chain);
  if (existsSync(join('/sys/class/net', name))) quietly('ip', ['link', 'delete', name]);
}

/** The rules of the packet filter that lead to a chain or have a comment of this name, and the chain. */
export function removePacketRules(name: string): void {
  removeRulesWith(name);
  removeChain(name);
}

function removeRulesWith(word: string): void {
  for (const program of PACKET_FILTERS)
    for (const table of ['filter', 'nat'])
      for (const rule of rulesOf(program, table).filter((words) => words.includes(word)))
        quietly(program, ['-w', '-t', table, '-D', ...rule.slice(1)]);
}

function removeChain(name: string): void {
  for (const program of PACKET_FILTERS) for (const action of ['-F', '-X']) quietly(program, ['-w', action, name]);
}

function rulesOf(program: string, table: string): readonly (readonly string[])[] {
  const listed = quietly(program, ['-w', '-t', table, '-S']);
  return listed
    .split('\n')
    .filter((line) => line.startsWith('-A '))
    .map((line) => line.split(' '));
}

/** Lazily: a mount that is still in use goes when its user does. */
export function unmountUnder(directory: string): void {
  for (const mount of mountsUnder(directory).toReversed()) quietly('umount', ['-l', mount]);
}

function mountsUnder(directory: string): readonly string[] {
  if (!existsSync('/proc/self/mountinfo')) return [];
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescape8(line.split(' ')[4] ?? ''))
    .filter((path) => path === directory || path.startsWith(directory + sep));
}

/** The kernel writes space, tab, newline and backslash in paths as octal. */
const unescape8 = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** What it printed; nothing when it failed: what is removed may be gone already, or the tool not be there at all. */
function quietly(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: SYSTEM_PATH });
  } catch {
    return '';
  }
}
