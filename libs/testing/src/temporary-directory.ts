import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDirectory {
  readonly path: string;
  /** May be called twice. */
  readonly remove: () => void;
}

const made = new Set<string>();
let isRemovalPlanned = false;

/** Removed when told, or when the process ends. */
export function temporaryDirectory(): TemporaryDirectory {
  if (!isRemovalPlanned) process.once('exit', () => made.forEach(remove));
  isRemovalPlanned = true;
  const path = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  made.add(path);
  return { path, remove: () => remove(path) };
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  made.delete(path);
}
