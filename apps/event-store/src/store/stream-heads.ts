import type { DatabaseSync } from 'node:sqlite';
import { BoundedCache } from './bounded-cache.js';
import { NO_METADATA, type StreamMetadata } from './stream-metadata.js';

/** What is known of a stream without reading its events. Only the writer changes it, inside its transaction. */
export interface StreamHead {
  readonly id: number;
  readonly name: string;
  lastRevision: number; // -1: no event yet
  isTombstoned: boolean;
  metadata: StreamMetadata;
}

/** About 300 bytes each: 6 to 12 MiB. */
const CACHED_HEADS = 20_000;

/** The table `stream`, with the heads in use kept in memory. */
export class StreamHeads {
  readonly #byName = new BoundedCache<string, StreamHead>(CACHED_HEADS);
  readonly #names = new BoundedCache<number, string>(CACHED_HEADS);
  readonly #select;
  readonly #selectAll;
  readonly #selectName;
  readonly #insert;
  readonly #update;

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('SELECT * FROM stream WHERE name = ?');
    this.#selectAll = database.prepare('SELECT * FROM stream ORDER BY id');
    this.#selectName = database.prepare('SELECT name FROM stream WHERE id = ?');
    this.#insert = database.prepare('INSERT INTO stream (name, last_revision, is_tombstoned) VALUES (?, -1, 0)');
    this.#update = database.prepare(`
      UPDATE stream SET last_revision = ?, is_tombstoned = ?, truncate_before = ?, max_count = ?, max_age_s = ?
      WHERE id = ?`);
  }

  find(name: string): StreamHead | undefined {
    const cached = this.#byName.get(name);
    if (cached) return cached;
    const row = this.#select.get(name) as unknown as StreamRow | undefined;
    return row && this.#remember(headOf(row));
  }

  findOrCreate(name: string): StreamHead {
    const found = this.find(name);
    if (found) return found;
    const id = Number(this.#insert.run(name).lastInsertRowid);
    return this.#remember({ id, name, lastRevision: -1, isTombstoned: false, metadata: NO_METADATA });
  }

  /** All streams in the order of their ids, past the memory. For maintenance. */
  *all(): Generator<StreamHead> {
    for (const row of this.#selectAll.iterate()) yield headOf(row as unknown as StreamRow);
  }

  save({ id, lastRevision, isTombstoned, metadata }: StreamHead): void {
    const { truncateBefore, maxCount, maxAgeSeconds } = metadata;
    this.#update.run(lastRevision, isTombstoned ? 1 : 0, truncateBefore, maxCount, maxAgeSeconds, id);
  }

  nameOf(id: number): string {
    const cached = this.#names.get(id);
    if (cached !== undefined) return cached;
    const name = this.#selectName.get(id)?.['name'];
    if (typeof name !== 'string') throw new Error(`stream ${id} has no name`);
    this.#names.set(id, name);
    return name;
  }

  /** After a rollback the heads in memory are ahead of the table. */
  forget(): void {
    this.#byName.clear();
    this.#names.clear();
  }

  #remember(head: StreamHead): StreamHead {
    this.#byName.set(head.name, head);
    this.#names.set(head.id, head.name);
    return head;
  }
}

interface StreamRow {
  readonly id: number;
  readonly name: string;
  readonly last_revision: number;
  readonly is_tombstoned: number;
  readonly truncate_before: number | null;
  readonly max_count: number | null;
  readonly max_age_s: number | null;
}

const headOf = (row: StreamRow): StreamHead => ({
  id: row.id,
  name: row.name,
  lastRevision: row.last_revision,
  isTombstoned: row.is_tombstoned === 1,
  metadata: { truncateBefore: row.truncate_before, maxCount: row.max_count, maxAgeSeconds: row.max_age_s },
});
