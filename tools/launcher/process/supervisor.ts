import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Death } from './death.js';
import { rotate, tail } from './log-file.js';
import { type Child, type Leftovers, MARK, type Thing, end, sweep } from './leftovers.js';
import { type ProcessIdentity, identify } from './process-table.js';
import type { ReaperMessage } from './reaper.js';
import { type StateFile, writeState } from './state-file.js';

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv; // the whole environment; default: this process's
  readonly cwd?: string;
  readonly logFile?: string; // default: it writes where this process writes
  readonly graceMs?: number;
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it has ended, wanted or not. */
  readonly exited: Promise<Exit>;
  /** SIGTERM, the grace, then SIGKILL. Safe to call twice. */
  readonly stop: () => Promise<void>;
  /** SIGKILL, as a crash would; counts as wanted. */
  readonly kill: () => Promise<void>;
}

export interface Exit {
  readonly code: number; // 128 + signal number when a signal ended it
  readonly wanted: boolean;
}

/**
 * Starts processes so that none of them outlives this one, whatever happens to it: a reaper watches from a process of
 * its own, and a state file lets `npm stop` do the same from outside.
 */
export interface Supervisor {
  readonly spawn: (spec: ChildSpec) => RunningChild;
  /** Something to remove once the processes are gone; said before it is made. */
  readonly leave: (thing: Thing) => void;
  /** Called for every death: those so far at once, later ones as they happen. */
  readonly onDeath: (listener: (death: Death) => void) => void;
  /** Ends the newest child first, then removes what they left. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

const DEFAULT_GRACE_MS = 12_000; // a service's own limit is 10 s
const LAST_LINES = 15;
const SOURCES = dirname(fileURLToPath(import.meta.url));

export function openSupervisor(options: { readonly command: string; readonly runDir: string }): Supervisor {
  const mark = randomBytes(8).toString('hex');
  mkdirSync(options.runDir, { recursive: true, mode: 0o700 });
  const stateFile = join(options.runDir, `${options.command}-${process.pid}-${mark}.json`);
  const reaper = spawnReaper();
  const launcher = identityOf(process.pid);
  const listeners = new Set<(death: Death) => void>();
  const running = new Map<RunningChild, Child>();
  const deaths: Death[] = [];
  const things: Thing[] = [];
  const logs = new Set<string>();
  let stopped: Promise<void> | undefined;

  const leftovers = (): Leftovers => ({ mark, children: [...running.values()], things });
  const publish = (): void => {
    const state: StateFile = { command: options.command, launcher, reaper: reaper.identity, leftovers: leftovers() };
    writeState(stateFile, state);
    reaper.tell({ type: 'state', leftovers: leftovers(), stateFile });
  };

  const stop = async (): Promise<void> => {
    for (const child of [...running.keys()].reverse()) await child.stop();
    await sweep(leftovers());
    rmSync(stateFile, { force: true });
    await reaper.dismiss();
  };

  publish();
  return {
    spawn: (spec) => {
      if (stopped) throw new Error(`${spec.name} was started while stopping`);
      if (spec.logFile && !logs.has(spec.logFile)) rotate(spec.logFile); // a restart continues the log of its run
      if (spec.logFile) logs.add(spec.logFile);
      const started = startChild(spec, mark);
      running.set(started.child, started.entry);
      publish();
      void started.child.exited.then(({ code, wanted }) => {
        running.delete(started.child);
        if (!stopped) publish();
        if (wanted) return;
        const death = { name: spec.name, code, logFile: spec.logFile, lastLines: tail(spec.logFile, LAST_LINES) };
        deaths.push(death);
        for (const listener of listeners) listener(death);
      });
      return started.child;
    },
    leave: (thing) => {
      if (stopped) throw new Error('something was left while stopping');
      things.push(thing);
      publish();
    },
    onDeath: (listener) => {
      listeners.add(listener);
      for (const death of deaths) listener(death);
    },
    stop: () => (stopped ??= stop()),
  };
}

function startChild(spec: ChildSpec, mark: string): { readonly child: RunningChild; readonly entry: Child } {
  const log = spec.logFile ? openSync(spec.logFile, 'a') : undefined; // not a pipe: they must survive this process
  const subprocess = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...(spec.env ?? process.env), [MARK]: mark },
    stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
    detached: true, // a session of its own: Ctrl-C reaches the launcher alone, which then ends them in order
  });
  if (log !== undefined) closeSync(log);
  let wanted = false;
  const exited = new Promise<Exit>((resolve) => {
    subprocess.once('exit', (code, name) =>
      resolve({ code: code ?? 128 + (name ? constants.signals[name] : 0), wanted }),
    );
    subprocess.once('error', () => resolve({ code: 127, wanted }));
  });
  if (subprocess.pid === undefined) throw new Error(`${spec.name}: cannot run ${spec.command}`);
  const entry: Child = { ...identityOf(subprocess.pid), name: spec.name, graceMs: spec.graceMs ?? DEFAULT_GRACE_MS };
  const finish = async (graceMs: number, name: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    wanted = true;
    if (name === 'SIGKILL') subprocess.kill(name);
    await end({ ...entry, graceMs });
    await exited;
  };
  return {
    child: {
      name: spec.name,
      pid: subprocess.pid,
      exited,
      stop: () => finish(entry.graceMs, 'SIGTERM'),
      kill: () => finish(DEFAULT_GRACE_MS, 'SIGKILL'),
    },
    entry,
  };
}

interface Reaper {
  readonly identity: ProcessIdentity;
  readonly tell: (message: ReaperMessage) => void;
  readonly dismiss: () => Promise<void>;
}

/** In a session of its own, and without the mark that it may one day have to look for. */
function spawnReaper(): Reaper {
  const env: NodeJS.ProcessEnv = { ...process.env };
  delete env[MARK];
  const hook = join(SOURCES, '..', '..', 'ts-hook.mjs');
  const reaper = spawn(process.execPath, ['--import', hook, join(SOURCES, 'reaper.ts')], {
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  reaper.stdin.on('error', () => {}); // the reaper was killed: the state file remains
  reaper.unref();
  const exited = new Promise<void>((resolve) => reaper.once('exit', () => resolve()));
  const tell = (message: ReaperMessage): void => void reaper.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    identity: identityOf(reaper.pid),
    tell,
    dismiss: async () => {
      tell({ type: 'goodbye' });
      reaper.ref();
      await exited;
    },
  };
}

/** A process that has ended already is known by a start that no process has. */
const identityOf = (pid = -1): ProcessIdentity => identify(pid) ?? { pid, startedAt: 'ended' };
