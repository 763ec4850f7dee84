import type { DatabaseSync } from 'node:sqlite';
import { count, countMany, observe } from '@slipway/platform';
import type { StoredEvent, WriteResult } from './events.js';
import type { EventWriter } from './event-writer.js';

/** Bounds of one transaction: how long a writer waits for its companions, and how much memory they hold together. */
const MAX_GROUP_WRITES = 512;
const MAX_GROUP_BYTES = 8 * 1024 * 1024;

export interface Write {
  readonly run: (writer: EventWriter) => WriteResult;
  readonly bytes: number;
  readonly deadlineMs: number; // Unix time; Infinity = none
}

interface QueuedWrite extends Write {
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One transaction, and so one fsync, for all writes that came in while the last one ran. Each write is still atomic
 * and sees those before it. Nothing is answered or published before the commit. Where a group fails, its writes are
 * tried one by one, so that none fails by another's fault.
 */
export class GroupCommit {
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  #queue: QueuedWrite[] = [];
  #isScheduled = false;
  #lastFailure: Error | undefined;

  constructor(
    database: DatabaseSync,
    private readonly writer: EventWriter,
    private readonly publish: (events: readonly StoredEvent[]) => void,
  ) {
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
  }

  /** Why the last group could not be written; `undefined` when it was. */
  get lastFailure(): Error | undefined {
    return this.#lastFailure;
  }

  /** @throws (rejects) when the database refuses; then nothing was written */
  submit(write: Write): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...write, resolve, reject });
      this.#schedule();
    });
  }

  /** Writes everything that waits. For the end of the process. */
  flush(): void {
    while (this.#queue.length > 0) this.#writeGroup();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#writeGroup();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #writeGroup(): void {
    const group = this.#takeGroup();
    if (group.length === 0 || this.#tryWrite(group)) return;
    if (group.length === 1) group[0]?.reject(this.#lastFailure);
    else for (const write of group) if (!this.#tryWrite([write])) write.reject(this.#lastFailure);
  }

  #takeGroup(): QueuedWrite[] {
    let bytes = 0;
    let count = 0;
    for (const write of this.#queue) {
      if (count === MAX_GROUP_WRITES || (count > 0 && bytes + write.bytes > MAX_GROUP_BYTES)) break;
      bytes += write.bytes;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #tryWrite(group: readonly QueuedWrite[]): boolean {
    const before = this.writer.position;
    const startedAt = performance.now();
    let results: readonly WriteResult[];
    try {
      this.#begin.run();
      this.writer.begin();
      const now = Date.now();
      results = group.map(({ run, deadlineMs }) => (deadlineMs <= now ? TOO_LATE : run(this.writer)));
      this.#commit.run();
      this.#lastFailure = undefined;
    } catch (error) {
      count('slipway_eventstore_commit_failures_total');
      this.#lastFailure = error instanceof Error ? error : new Error(String(error));
      this.#undo(before);
      return false;
    }
    observe('slipway_eventstore_commit_duration_seconds', (performance.now() - startedAt) / 1_000);
    countMany('slipway_eventstore_events_total', this.writer.inserted().length);
    for (const { outcome } of results) count('slipway_eventstore_writes_total', { outcome });
    for (const [index, write] of group.entries()) write.resolve(results[index] ?? TOO_LATE);
    if (this.writer.inserted().length > 0) this.publish(this.writer.inserted());
    return true;
  }

  #undo(position: number): void {
    try {
      this.#rollback.run();
    } catch {
      // SQLite has already rolled back by itself, as it does on a full disk
    }
    this.writer.rolledBack(position);
  }
}

const TOO_LATE: WriteResult = { outcome: 'too-late' };
