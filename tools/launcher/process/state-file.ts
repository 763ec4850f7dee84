import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Leftovers, sweep } from './leftovers.js';
import { type ProcessIdentity, isRunning, signal } from './process-table.js';
import { becomesTrue } from './wait.js';

/** What a launcher writes about itself, so that another process can stop it or clean up after it. */
export interface StateFile {
  readonly command: string;
  readonly launcher: ProcessIdentity;
  readonly reaper: ProcessIdentity;
  readonly leftovers: Leftovers;
}

export interface StoredState extends StateFile {
  readonly path: string;
}

const STOP_LIMIT_MS = 60_000;
const REAPER_LIMIT_MS = 30_000;

/** Whole or not at all: a reader never sees half of it. Mode 600. */
export function writeState(path: string, state: StateFile): void {
  writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function readStates(runDir: string): readonly StoredState[] {
  if (!existsSync(runDir)) return [];
  return readdirSync(runDir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => read(join(runDir, name)))
    .filter((state) => state !== undefined);
}

/** Those whose launcher runs, this process excepted. */
export const runningLaunchers = (runDir: string): readonly StoredState[] =>
  readStates(runDir).filter(({ launcher }) => launcher.pid !== process.pid && isRunning(launcher));

/** What dead launchers left: their reapers do it, and this does when the reaper was killed too or a power cut ended both. */
export async function sweepDead(runDir: string): Promise<void> {
  for (const state of readStates(runDir)) {
    if (isRunning(state.launcher)) continue;
    await becomesTrue(() => !isRunning(state.reaper), { limitMs: REAPER_LIMIT_MS });
    await sweep(state.leftovers);
    rmSync(state.path, { force: true });
  }
}

/** Asks the launcher to stop; one that does not is killed and cleaned up after. */
export async function stopLauncher(state: StoredState): Promise<void> {
  signal(state.launcher, 'SIGTERM');
  const gone = () => !isRunning(state.launcher);
  if (!(await becomesTrue(gone, { limitMs: STOP_LIMIT_MS, everyMs: 50 }))) signal(state.launcher, 'SIGKILL');
  await becomesTrue(() => !isRunning(state.reaper), { limitMs: REAPER_LIMIT_MS, everyMs: 50 });
}

function read(path: string): StoredState | undefined {
  try {
    return { ...(JSON.parse(readFileSync(path, 'utf8')) as StateFile), path };
  } catch {
    return undefined; // removed meanwhile
  }
}
