import type { DatabaseSync } from 'node:sqlite';
import type { ExpectedRevision } from './events.js';
import type { StreamHead } from './stream-heads.js';
import { isSoftDeleted } from './stream-metadata.js';

/** What becomes of an append, decided before anything is written. */
export type Verdict =
  | { readonly verdict: 'append' }
  | { readonly verdict: 'repeated'; readonly revision: number; readonly position: number }
  | { readonly verdict: 'conflict' }
  | { readonly verdict: 'deleted' };

interface StreamState {
  /** `undefined` = nothing was ever written to the stream or its metadata. */
  readonly head: StreamHead | undefined;
  readonly hasMetadata: boolean;
}

const APPEND: Verdict = { verdict: 'append' };
const CONFLICT: Verdict = { verdict: 'conflict' };
const DELETED: Verdict = { verdict: 'deleted' };

/**
 * The rules of EventStoreDB's `IndexWriter.CheckCommit`. An append whose events are all there already, in order and
 * where it wants them, is a repetition; one of which only the first part is there is a conflict.
 */
export class ExpectationCheck {
  readonly #byId;
  readonly #byRevision;

  constructor(database: DatabaseSync) {
    this.#byId = database.prepare(
      'SELECT revision, position FROM event WHERE stream_id = ? AND id = ? ORDER BY position DESC LIMIT 1',
    );
    this.#byRevision = database.prepare('SELECT id, position FROM event WHERE stream_id = ? AND revision = ?');
  }

  check({ head, hasMetadata }: StreamState, expected: ExpectedRevision, ids: readonly Uint8Array[]): Verdict {
    if (head?.isTombstoned) return DELETED;
    const isDeleted = head !== undefined && isSoftDeleted(head.metadata);
    const current = head?.lastRevision ?? -1;
    if (expected === 'stream_exists') {
      if (isDeleted) return DELETED;
      if (current < 0 && !hasMetadata) return CONFLICT;
    }
    if (expected === 'any' || expected === 'stream_exists') return this.#findAnywhere(head, ids);
    const revision = expected === 'no_stream' ? -1 : expected;
    if (revision === current) return APPEND;
    if (revision > current || !head) return CONFLICT;
    const found = this.#findFrom(head, revision + 1, ids);
    return found === CONFLICT && revision === -1 && isDeleted && !this.#isAt(head, 0, ids[0]) ? APPEND : found;
  }

  #findAnywhere(head: StreamHead | undefined, ids: readonly Uint8Array[]): Verdict {
    let last: Verdict = APPEND;
    for (const id of ids) {
      const row = head && (this.#byId.get(head.id, id) as { revision: number; position: number } | undefined);
      if (!row) return last === APPEND ? APPEND : CONFLICT;
      last = { verdict: 'repeated', ...row };
    }
    return last;
  }

  #findFrom(head: StreamHead, first: number, ids: readonly Uint8Array[]): Verdict {
    let last: Verdict = CONFLICT;
    for (const [index, id] of ids.entries()) {
      const row = this.#isAt(head, first + index, id);
      if (!row) return CONFLICT;
      last = { verdict: 'repeated', revision: first + index, position: row.position };
    }
    return last;
  }

  #isAt(head: StreamHead, revision: number, id: Uint8Array | undefined): { position: number } | undefined {
    const row = this.#byRevision.get(head.id, revision) as { id: Uint8Array; position: number } | undefined;
    return row && id && Buffer.compare(row.id, id) === 0 ? row : undefined;
  }
}
