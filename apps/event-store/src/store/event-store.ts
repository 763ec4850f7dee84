import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EventReader, type Direction, type Page } from './event-reader.js';
import { EventTypes } from './event-types.js';
import { EventWriter, type AppendRequest, type DeleteRequest } from './event-writer.js';
import { isMetastream, originalStreamOf, type StoredEvent, type WriteResult } from './events.js';
import { lockFile, type FileLock } from './file-lock.js';
import { GroupCommit } from './group-commit.js';
import { lowestRevision } from './retention.js';
import { openForWriting } from './schema.js';
import { StreamHeads } from './stream-heads.js';
import { isSoftDeleted } from './stream-metadata.js';

/** What a reader may see of a stream. Of a soft-deleted stream only the last revision is left. */
export type StreamView =
  | { readonly state: 'absent'; readonly lastRevision: number }
  | { readonly state: 'tombstoned' }
  | {
      readonly state: 'readable';
      readonly streamId: number;
      readonly lowestRevision: number; // earlier events are gone by $tb, $maxCount or $maxAge
      readonly lastRevision: number;
    };

/**
 * The event store of one file, for one process at a time. All methods run on the calling thread; writes are gathered
 * and answered when they are on the disk.
 */
export class EventStore {
  readonly #lock: FileLock;
  readonly #database: DatabaseSync;
  readonly #heads: StreamHeads;
  readonly #types: EventTypes;
  readonly #writer: EventWriter;
  readonly #reader: EventReader;
  readonly #commits: GroupCommit;

  /** @throws when another process has the file, or it is not an event store */
  constructor(file: string, publish: (events: readonly StoredEvent[]) => void = () => {}) {
    mkdirSync(dirname(file), { recursive: true });
    this.#lock = lockFile(file);
    try {
      this.#database = openForWriting(file);
    } catch (error) {
      this.#lock.release();
      throw error;
    }
    this.#heads = new StreamHeads(this.#database);
    this.#types = new EventTypes(this.#database);
    this.#writer = new EventWriter(this.#database, this.#heads, this.#types);
    this.#reader = new EventReader(this.#database);
    this.#commits = new GroupCommit(this.#database, this.#writer, publish);
  }

  /** Position of the newest event, 0 when there is none. */
  get lastPosition(): number {
    return this.#writer.position;
  }

  /** Why the last write failed; `undefined` when it did not. */
  get lastFailure(): Error | undefined {
    return this.#commits.lastFailure;
  }

  /** All events or none. Repeating it with the same event ids answers the same. Durable when it resolves. */
  append(request: AppendRequest, deadlineMs = Infinity): Promise<WriteResult> {
    const bytes = request.events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    return this.#commits.submit({ run: (writer) => writer.append(request), bytes, deadlineMs });
  }

  delete(request: DeleteRequest, deadlineMs = Infinity): Promise<WriteResult> {
    return this.#commits.submit({ run: (writer) => writer.delete(request), bytes: 0, deadlineMs });
  }

  view(stream: string): StreamView {
    if (isMetastream(stream) && this.#heads.find(originalStreamOf(stream))?.isTombstoned)
      return { state: 'tombstoned' };
    const head = this.#heads.find(stream);
    if (!head) return { state: 'absent', lastRevision: -1 };
    if (head.isTombstoned) return { state: 'tombstoned' };
    const { id: streamId, lastRevision } = head;
    if (lastRevision < 0 || isSoftDeleted(head.metadata)) return { state: 'absent', lastRevision };
    return {
      state: 'readable',
      streamId,
      lastRevision,
      lowestRevision: lowestRevision(head, this.#reader, Date.now()),
    };
  }

  readStream(
    { streamId, lowestRevision: lowest }: Extract<StreamView, { state: 'readable' }>,
    range: { readonly from: number; readonly direction: Direction; readonly limit: number },
  ): Page {
    return this.#reader.stream({ streamId, lowest, ...range });
  }

  /** Forwards from position `from` on; backwards those before it. */
  readAll(from: number, direction: Direction, limit?: number): Page {
    return this.#reader.all(from, direction, limit);
  }

  streamName(id: number): string {
    return this.#heads.nameOf(id);
  }

  typeName(id: number): string {
    return this.#types.nameOf(id);
  }

  /** Writes what waits, folds the write-ahead log into the file, and lets go of it. */
  close(): void {
    this.#commits.flush();
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#database.close();
    this.#lock.release();
  }
}
