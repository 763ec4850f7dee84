import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openForReading } from '../store/schema.js';

export interface BackupReport {
  readonly bytes: number;
  readonly lastPosition: number;
}

/**
 * Copies the store as it is at one moment into a new file, durable and compact, while a server may go on writing. The
 * copy is itself a store. The target appears under its name only when it is complete. @throws when it exists already
 */
export function backup(file: string, target: string): BackupReport {
  if (existsSync(target)) throw new Error(`${target} exists already`);
  const unfinished = `${target}.part`;
  rmSync(unfinished, { force: true });
  const database = openForReading(file);
  try {
    database.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    database.close();
  }
  const lastPosition = lastPositionOf(unfinished);
  flush(unfinished);
  renameSync(unfinished, target);
  flush(dirname(target));
  return { bytes: statSync(target).size, lastPosition };
}

function lastPositionOf(file: string): number {
  const database = openForReading(file);
  const row = database.prepare('SELECT coalesce(max(position), 0) AS position FROM event').get();
  database.close();
  return Number(row?.['position']);
}

/** SQLite does not flush what VACUUM INTO writes. */
function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
