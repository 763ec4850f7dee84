import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredEvent } from './events.js';

export type Direction = 'forwards' | 'backwards';

/** A run of events in the order they were asked for. */
export interface Page {
  readonly events: readonly StoredEvent[];
  /** True when there was nothing further at the time of reading. */
  readonly isLast: boolean;
}

/** Bounds of one page: what one read keeps in memory and how long it holds the event loop. */
const PAGE_EVENTS = 128;
const PAGE_BYTES = 256 * 1024;

const COLUMNS = `position, stream_id AS streamId, revision, id, type_id AS typeId, flags, created_ms AS createdMs,
  data, metadata`;

/** Reads pages. No cursor stays open between two pages, so a slow reader holds no transaction. */
export class EventReader {
  readonly #streamForwards;
  readonly #streamBackwards;
  readonly #allForwards;
  readonly #allBackwards;
  readonly #firstFrom;

  constructor(database: DatabaseSync) {
    const select = (rest: string): StatementSync => database.prepare(`SELECT ${COLUMNS} FROM event ${rest} LIMIT ?`);
    this.#streamForwards = select('WHERE stream_id = ? AND revision >= ? ORDER BY revision');
    this.#streamBackwards = select('WHERE stream_id = ? AND revision <= ? AND revision >= ? ORDER BY revision DESC');
    this.#allForwards = select('WHERE position >= ? ORDER BY position');
    this.#allBackwards = select('WHERE position < ? ORDER BY position DESC');
    this.#firstFrom = database.prepare(
      'SELECT revision, created_ms AS createdMs FROM event WHERE stream_id = ? AND revision >= ? ORDER BY revision LIMIT 1',
    );
  }

  /** Events of a stream from revision `from` (inclusive), none before `lowest`. */
  stream(range: {
    readonly streamId: number;
    readonly from: number;
    readonly lowest: number;
    readonly direction: Direction;
    readonly limit: number;
  }): Page {
    const { streamId, from, lowest, direction } = range;
    const limit = Math.min(range.limit, PAGE_EVENTS);
    return direction === 'forwards'
      ? page(this.#streamForwards.iterate(streamId, Math.max(from, lowest), limit), limit)
      : page(this.#streamBackwards.iterate(streamId, from, lowest, limit), limit);
  }

  /** Events of $all: forwards from position `from` on, backwards those before it. */
  all(from: number, direction: Direction, limit = PAGE_EVENTS): Page {
    const bounded = Math.min(limit, PAGE_EVENTS);
    const statement = direction === 'forwards' ? this.#allForwards : this.#allBackwards;
    return page(statement.iterate(from, bounded), bounded);
  }

  /** The lowest revision of a stream's events created at `sinceMs` or later; one past the last when all are older. */
  firstRevisionSince(streamId: number, sinceMs: number, bounds: { lowest: number; last: number }): number {
    let low = bounds.lowest;
    let high = bounds.last + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#firstFrom.get(streamId, middle) as { revision: number; createdMs: number } | undefined;
      if (!row || row.createdMs >= sinceMs) high = middle;
      else low = row.revision + 1;
    }
    return low;
  }
}

/** Stops at the byte limit: a page of large events would otherwise take hundreds of megabytes. */
function page(rows: Iterable<unknown>, limit: number): Page {
  const events: StoredEvent[] = [];
  let bytes = 0;
  for (const row of rows) {
    const event = row as StoredEvent;
    events.push(event);
    bytes += event.data.length + (event.metadata?.length ?? 0);
    if (bytes >= PAGE_BYTES) return { events, isLast: false };
  }
  return { events, isLast: events.length < limit };
}
