import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-table.js';
import { becomesTrue } from './wait.js';

const LIMIT_MS = 300_000;

/** One process at a time does `work`; the others wait. A lock whose owner was killed is free. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const taken = await becomesTrue(() => take(file), { limitMs: LIMIT_MS, everyMs: 50 });
  if (!taken) throw new Error(`${file} has been held for ${LIMIT_MS / 1000} s`);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAbandoned(file)) rmSync(file, { force: true });
    return false;
  }
}

function isAbandoned(file: string): boolean {
  try {
    return !isRunning(JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity);
  } catch {
    return false; // just released, or being written: look again
  }
}
