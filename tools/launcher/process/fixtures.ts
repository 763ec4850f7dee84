import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identify } from './process-table.js';

export const LIMIT_MS = 30_000;
const HOOK = fileURLToPath(new URL('../../ts-hook.mjs', import.meta.url));
const LAUNCHER = fileURLToPath(new URL('./launcher.fixture.ts', import.meta.url));

/** A directory with a space in its name; `remove` when done. */
export function tempDir(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'slipway spec '));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface LauncherUnderTest {
  readonly process: ChildProcess;
  readonly launcher: number; // pid
  readonly pids: readonly number[]; // of its child and of the daemon below that
}

/** Resolves when everything of it runs. */
export async function runLauncherFixture(runDir: string, workDir: string): Promise<LauncherUnderTest> {
  const child = spawn(process.execPath, ['--import', HOOK, LAUNCHER, runDir, workDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const said = JSON.parse(line.toString('utf8')) as { launcher: number; pids: number[] };
  return { process: child, ...said };
}

export const isAlive = (pid: number): boolean => identify(pid) !== undefined;

/** Arguments for Node that run a script which was given as text. */
export const script = (text: string): readonly string[] => ['--input-type=module', '--eval', text];
