import type { DatabaseSync } from 'node:sqlite';
import { lockFile } from '../store/file-lock.js';
import { openForReading } from '../store/schema.js';
import { parseStreamMetadata } from '../store/stream-metadata.js';

export interface VerifyReport {
  readonly events: number;
  readonly streams: number;
  /** One sentence each; empty when the store is sound. */
  readonly problems: readonly string[];
}

/** Problems of one kind that are listed; the rest would say the same. */
const LISTED = 20;

/** Reads the whole file and compares it with itself. @throws when a server has the file */
export function verify(file: string): VerifyReport {
  const lock = lockFile(file);
  try {
    const database = openForReading(file);
    try {
      const problems = [
        ...damagedPages(database),
        ...CHECKS.flatMap(({ sql, sentence }) => database.prepare(`${sql} LIMIT ${LISTED}`).all().map(sentence)),
        ...staleMetadata(database),
      ];
      return { events: count(database, 'event'), streams: count(database, 'stream'), problems };
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}

interface Check {
  readonly sql: string;
  readonly sentence: (row: Record<string, unknown>) => string;
}

const CHECKS: readonly Check[] = [
  {
    sql: `SELECT DISTINCT stream_id FROM event WHERE stream_id NOT IN (SELECT id FROM stream)`,
    sentence: (row) => `events belong to stream ${String(row['stream_id'])}, which does not exist`,
  },
  {
    sql: `SELECT DISTINCT type_id FROM event WHERE type_id NOT IN (SELECT id FROM event_type)`,
    sentence: (row) => `events have type ${String(row['type_id'])}, which does not exist`,
  },
  {
    sql: `SELECT name, last_revision, max(revision) AS last FROM stream JOIN event ON stream_id = stream.id
      GROUP BY stream.id HAVING max(revision) <> last_revision`,
    sentence: (row) =>
      `${String(row['name'])} ends at revision ${String(row['last'])}, not ${String(row['last_revision'])}`,
  },
  {
    sql: `SELECT name FROM stream JOIN event ON stream_id = stream.id
      GROUP BY stream.id HAVING count(*) <> max(revision) - min(revision) + 1`,
    sentence: (row) => `${String(row['name'])} has gaps`,
  },
  {
    sql: `SELECT name FROM stream WHERE last_revision >= 0 AND name NOT LIKE '$$%'
      AND is_tombstoned = 0 AND max_age_s IS NULL AND coalesce(truncate_before, 0) <= last_revision
      AND NOT EXISTS (SELECT 1 FROM event WHERE stream_id = stream.id)`,
    sentence: (row) => `${String(row['name'])} has lost its events`,
  },
  {
    sql: `SELECT position FROM (SELECT position, position < lag(position) OVER (PARTITION BY stream_id ORDER BY revision)
      AS is_early FROM event) WHERE is_early`,
    sentence: (row) => `the event at position ${String(row['position'])} comes before an earlier one of its stream`,
  },
  {
    sql: `SELECT position FROM (SELECT position, created_ms < lag(created_ms) OVER (ORDER BY position) AS is_early
      FROM event) WHERE is_early`,
    sentence: (row) => `the event at position ${String(row['position'])} is older than the one before it`,
  },
];

function damagedPages(database: DatabaseSync): string[] {
  const rows = database.prepare(`PRAGMA integrity_check(${LISTED})`).all();
  return rows.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok');
}

/** What a stream's head says of its metadata must be what the newest event of its metastream says. */
function staleMetadata(database: DatabaseSync): string[] {
  const rows = database
    .prepare(
      `SELECT stream.name, stream.truncate_before, stream.max_count, stream.max_age_s, event.data
       FROM stream JOIN stream AS meta ON meta.name = '$$' || stream.name
       JOIN event ON event.stream_id = meta.id AND event.revision = meta.last_revision`,
    )
    .iterate();
  const problems: string[] = [];
  for (const row of rows) {
    const { truncateBefore, maxCount, maxAgeSeconds } = parseStreamMetadata(row['data'] as Uint8Array);
    const isCurrent =
      truncateBefore === row['truncate_before'] && maxCount === row['max_count'] && maxAgeSeconds === row['max_age_s'];
    if (!isCurrent && problems.length < LISTED) problems.push(`${String(row['name'])} does not follow its metadata`);
  }
  return problems;
}

const count = (database: DatabaseSync, table: 'event' | 'stream'): number =>
  Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
