import { DatabaseSync } from 'node:sqlite';

/** Held until `release`; the operating system lets go of it when the process dies, however it dies. */
export interface FileLock {
  readonly release: () => void;
}

/**
 * Makes one process the only writer of an event store: two would hand out the same positions. The lock lies on a file
 * of its own beside the store, so that `backup` can still read the store. @throws when another process holds it
 */
export function lockFile(file: string): FileLock {
  const database = new DatabaseSync(`${file}-lock`, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Error(`${file} is in use by another process`, { cause });
  }
  return { release: () => database.close() };
}
