import { DatabaseSync } from 'node:sqlite';

/** "SlES": tells our file from any other SQLite database. */
const APPLICATION_ID = 0x536c4553;
const SCHEMA_VERSION = 1;

/**
 * `event_by_id` makes an append repeatable by its event ids, also with expected revision `any` and after a restart.
 * It starts with the stream so that the appends of one stream touch neighbouring pages.
 * `counter` remembers the last position when scavenge removed the newest events.
 */
const SCHEMA = `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_revision INTEGER NOT NULL,
    is_tombstoned INTEGER NOT NULL,
    truncate_before INTEGER,
    max_count INTEGER,
    max_age_s INTEGER
  ) STRICT;
  CREATE TABLE event_type (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    type_id INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    data BLOB NOT NULL,
    metadata BLOB
  ) STRICT;
  CREATE UNIQUE INDEX event_by_revision ON event (stream_id, revision);
  CREATE INDEX event_by_id ON event (stream_id, id);
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * synchronous=FULL: a commit returns when its log is on the disk. No mmap: mapped pages would count as our memory.
 * The write-ahead log is folded back every 16 MiB.
 */
const WRITER_PRAGMAS = `
  PRAGMA page_size = 4096;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4096;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA mmap_size = 0;
  PRAGMA cache_size = -16384;
`;

/** How long one process waits for another that holds the write lock for a moment, ms. */
const BUSY_TIMEOUT_MS = 5_000;

/** Opens the file for writing and makes the tables when it is new. @throws when it is not an event store of this version */
export function openForWriting(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  database.exec(WRITER_PRAGMAS);
  if (isEmpty(database)) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
  assertOurs(database, file);
  return database;
}

/** Opens an existing file without changing it. @throws when it is not an event store of this version */
export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, readOnly: true });
  assertOurs(database, file);
  return database;
}

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count'] === 0;

function assertOurs(database: DatabaseSync, file: string): void {
  const applicationId = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (applicationId === APPLICATION_ID && version === SCHEMA_VERSION) return;
  database.close();
  throw new Error(
    applicationId === APPLICATION_ID
      ? `${file} has schema version ${String(version)}; this server reads version ${SCHEMA_VERSION}`
      : `${file} is not an event store`,
  );
}
