import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { EventReader } from '../store/event-reader.js';
import { isMetastream, originalStreamOf } from '../store/events.js';
import { lockFile } from '../store/file-lock.js';
import { lowestRevision } from '../store/retention.js';
import { openForWriting } from '../store/schema.js';
import { StreamHeads, type StreamHead } from '../store/stream-heads.js';

export interface ScavengeReport {
  readonly events: number; // removed
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Removes the events that no reader of a stream can see any more and gives their space back. Needs as much free disk
 * again as the file has. Positions of removed events are not used again. @throws when a server has the file
 */
export function scavenge(file: string): ScavengeReport {
  const lock = lockFile(file);
  try {
    const bytesBefore = statSync(file).size;
    const database = openForWriting(file);
    try {
      const events = removeInvisible(database);
      database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
      return { events, bytesBefore, bytesAfter: statSync(file).size };
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}

/** One transaction: a scavenge that is killed has removed nothing. */
function removeInvisible(database: DatabaseSync): number {
  const heads = new StreamHeads(database);
  const reader = new EventReader(database);
  const remove = database.prepare('DELETE FROM event WHERE stream_id = ? AND revision < ?');
  const nowMs = Date.now();
  let removed = 0;
  database.exec('BEGIN IMMEDIATE');
  database.exec(`
    INSERT INTO counter SELECT 'last_position', max(position) FROM event HAVING count(*) > 0
    ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`);
  for (const head of heads.all()) {
    const lowest = isOfTombstoned(head, heads) ? head.lastRevision + 1 : lowestRevision(head, reader, nowMs);
    if (lowest > 0) removed += Number(remove.run(head.id, lowest).changes);
  }
  database.exec('COMMIT');
  return removed;
}

const isOfTombstoned = ({ name }: StreamHead, heads: StreamHeads): boolean =>
  isMetastream(name) && heads.find(originalStreamOf(name))?.isTombstoned === true;
