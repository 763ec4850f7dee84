import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type CheckoutPaths, ROOT, checkoutPaths } from '../paths.js';
import { isAlive, tempDir } from '../process/fixtures.js';
import { readStates } from '../process/state-file.js';
import { becomesTrue } from '../process/wait.js';
import { freePorts, isFree } from '../setup/ports.js';
import { findPrograms } from '../setup/programs.js';

export const LIMIT_MS = 60_000;
const NOT_COPIED = ['node_modules', '.git', '.slipway', '.nx', 'bench-results'];

export interface RunningCommand {
  readonly child: ChildProcess;
  /** Both outputs so far. */
  readonly said: { text: string };
  readonly exit: Promise<number | null>;
}

/** A copy of this checkout with ports and state of its own, in a path with spaces. */
export interface CheckoutUnderTest {
  readonly paths: CheckoutPaths;
  readonly ports: readonly number[];
  /** `npm run <command>`, without npm: signals reach it as they are sent. */
  readonly npm: (command: string) => RunningCommand;
  /** Resolves when a command has said this. @throws when it ends first, or takes too long */
  readonly says: (command: RunningCommand, text: string) => Promise<void>;
  /** Of every command that runs: itself, its reaper and what it started. */
  readonly pids: () => readonly number[];
  readonly expectNothingLeft: (pids: readonly number[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function copyCheckout(): Promise<CheckoutUnderTest> {
  const dir = tempDir();
  const paths = checkoutPaths(join(dir.path, 'a checkout'));
  cpSync(ROOT, paths.root, { recursive: true, filter: (path) => !NOT_COPIED.includes(basename(path)) });
  linkDependencies(paths.root);
  const programs = await findPrograms(checkoutPaths(), { natsServer: true, registry: false, busybox: true });
  const ports = await freePorts(4);
  const env = { ...environmentOf(ports), SLIPWAY_NATS_SERVER: programs.natsServer, SLIPWAY_BUSYBOX: programs.busybox };
  const commands: RunningCommand[] = [];
  const npm = (command: string): RunningCommand => {
    const started = start(paths, command, env);
    commands.push(started);
    return started;
  };
  return {
    paths,
    ports,
    npm,
    says,
    pids: () =>
      readStates(paths.run).flatMap(({ launcher, reaper, leftovers }) =>
        [launcher, reaper, ...leftovers.children].map(({ pid }) => pid),
      ),
    expectNothingLeft: async (pids) => {
      expect(await becomesTrue(() => !pids.some(isAlive), { limitMs: LIMIT_MS, everyMs: 50 })).toBe(true);
      expect(readStates(paths.run)).toEqual([]);
      expect(await Promise.all(ports.map((port) => isFree(port)))).toEqual([true, true, true, true]);
    },
    remove: async () => {
      await npm('stop').exit;
      for (const { child } of commands) child.kill('SIGKILL');
      dir.remove();
    },
  };
}

function start({ root }: CheckoutPaths, command: string, env: NodeJS.ProcessEnv): RunningCommand {
  const child = spawn(process.execPath, [join(root, 'tools/bootstrap/run.mjs'), command], { env });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said.text += String(chunk)));
  return { child, said, exit: new Promise((resolve) => child.once('close', resolve)) };
}

async function says({ child, said }: RunningCommand, text: string): Promise<void> {
  const decided = () => said.text.includes(text) || child.exitCode !== null;
  await becomesTrue(decided, { limitMs: LIMIT_MS, everyMs: 20 });
  expect(said.text).toContain(text);
}

function environmentOf(ports: readonly number[]): NodeJS.ProcessEnv {
  const [PORT, NATS_PORT, EVENT_STORE_PORT, REGISTRY_PORT] = ports.map(String);
  return { ...process.env, NODE_OPTIONS: '', PORT, NATS_PORT, EVENT_STORE_PORT, REGISTRY_PORT };
}

/** The packages of this checkout, but the copy's own libs. */
function linkDependencies(root: string): void {
  const [from, to] = [join(ROOT, 'node_modules'), join(root, 'node_modules')];
  mkdirSync(join(to, '@slipway'), { recursive: true });
  for (const name of readdirSync(from)) if (name !== '@slipway') symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@slipway')))
    symlinkSync(join(root, relative(ROOT, realpathSync(join(from, '@slipway', name)))), join(to, '@slipway', name));
}
