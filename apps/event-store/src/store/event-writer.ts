import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { EventTypes } from './event-types.js';
import {
  EventFlag,
  METADATA_TYPE,
  TOMBSTONE_TYPE,
  isMetastream,
  metastreamOf,
  originalStreamOf,
  type ExpectedRevision,
  type ProposedEvent,
  type StoredEvent,
  type WriteResult,
} from './events.js';
import { ExpectationCheck, type Verdict } from './expectation.js';
import type { StreamHead, StreamHeads } from './stream-heads.js';
import { SOFT_DELETE_METADATA, isSoftDeleted, parseStreamMetadata, revivedMetadata } from './stream-metadata.js';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

export interface DeleteRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** A tombstoned stream never comes back; a soft-deleted one does with its next event. */
  readonly isTombstone: boolean;
}

/** Turns requests into rows. Runs inside a transaction that somebody else begins and commits; see `GroupCommit`. */
export class EventWriter {
  readonly #expectation;
  readonly #insert;
  readonly #lastMetadata;
  #position: number;
  #nowMs: number;
  #inserted: StoredEvent[] = [];

  constructor(
    database: DatabaseSync,
    private readonly heads: StreamHeads,
    private readonly types: EventTypes,
  ) {
    this.#expectation = new ExpectationCheck(database);
    this.#insert = database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#lastMetadata = database.prepare('SELECT data FROM event WHERE stream_id = ? AND revision = ?');
    const counter = database.prepare("SELECT value FROM counter WHERE name = 'last_position'").get();
    const newest = database.prepare('SELECT position, created_ms FROM event ORDER BY position DESC LIMIT 1').get();
    this.#position = Math.max(Number(counter?.['value'] ?? 0), Number(newest?.['position'] ?? 0));
    this.#nowMs = Number(newest?.['created_ms'] ?? 0);
  }

  /** Position of the newest event, 0 when there is none. */
  get position(): number {
    return this.#position;
  }

  /** Called at the start of a transaction. Time never runs backwards, so that `$maxAge` cuts a stream in one place. */
  begin(): void {
    this.#nowMs = Math.max(Date.now(), this.#nowMs);
    this.#inserted = [];
  }

  /** What the transaction has inserted, in the order of positions. */
  inserted(): readonly StoredEvent[] {
    return this.#inserted;
  }

  /** Called after a rollback to the state before `begin`. */
  rolledBack(position: number): void {
    this.#position = position;
    this.heads.forget();
    this.types.forget();
  }

  append({ stream, expected, events }: AppendRequest): WriteResult {
    if (isMetastream(stream) && this.heads.find(originalStreamOf(stream))?.isTombstoned) return STREAM_DELETED;
    const found = this.heads.find(stream);
    const verdict = this.#check(
      found,
      stream,
      expected,
      events.map(({ id }) => id),
    );
    if (verdict.verdict !== 'append') return resultOf(verdict, found);
    if (events.length === 0) return { outcome: 'written', revision: found?.lastRevision ?? -1, position: undefined };
    const head = found ?? this.heads.findOrCreate(stream);
    if (isSoftDeleted(head.metadata)) this.#revive(head);
    for (const event of events) this.#insertEvent(head, event);
    this.heads.save(head);
    if (isMetastream(stream)) this.#applyMetadata(stream, events[events.length - 1]?.data ?? EMPTY);
    return { outcome: 'written', revision: head.lastRevision, position: this.#position };
  }

  delete({ stream, expected, isTombstone }: DeleteRequest): WriteResult {
    const found = this.heads.find(stream);
    const verdict = this.#check(found, stream, expected, []);
    if (verdict.verdict !== 'append') return resultOf(verdict, found);
    const head = found ?? this.heads.findOrCreate(stream);
    if (isTombstone) {
      this.#insertEvent(head, systemEvent(TOMBSTONE_TYPE, EMPTY), EventFlag.tombstone);
      head.isTombstoned = true;
      this.heads.save(head);
    } else {
      if (isSoftDeleted(head.metadata)) return STREAM_DELETED;
      this.#writeMetadata(head, Buffer.from(SOFT_DELETE_METADATA));
    }
    return { outcome: 'written', revision: head.lastRevision, position: this.#position };
  }

  #check(
    head: StreamHead | undefined,
    stream: string,
    expected: ExpectedRevision,
    ids: readonly Uint8Array[],
  ): Verdict {
    const hasMetadata =
      expected === 'stream_exists' && (this.heads.find(metastreamOf(stream))?.lastRevision ?? -1) >= 0;
    return this.#expectation.check({ head, hasMetadata }, expected, ids);
  }

  #revive(head: StreamHead): void {
    const metastream = this.heads.find(metastreamOf(head.name));
    const row = metastream && this.#lastMetadata.get(metastream.id, metastream.lastRevision);
    const data = row?.['data'];
    this.#writeMetadata(head, revivedMetadata(data instanceof Uint8Array ? data : EMPTY, head.lastRevision + 1));
  }

  #writeMetadata(head: StreamHead, data: Uint8Array): void {
    const metastream = this.heads.findOrCreate(metastreamOf(head.name));
    this.#insertEvent(metastream, systemEvent(METADATA_TYPE, data));
    this.heads.save(metastream);
    this.#applyMetadata(metastream.name, data);
  }

  #applyMetadata(metastream: string, data: Uint8Array): void {
    const head = this.heads.findOrCreate(originalStreamOf(metastream));
    head.metadata = parseStreamMetadata(data);
    this.heads.save(head);
  }

  #insertEvent(head: StreamHead, event: ProposedEvent, extraFlags = 0): void {
    const stored: StoredEvent = {
      position: this.#position + 1,
      streamId: head.id,
      revision: head.lastRevision + 1,
      id: event.id,
      typeId: this.types.findOrCreate(event.type),
      flags: (event.isJson ? EventFlag.json : 0) | extraFlags,
      createdMs: this.#nowMs,
      data: event.data,
      metadata: event.metadata.length > 0 ? event.metadata : null,
    };
    const { position, streamId, revision, id, typeId, flags, createdMs, data, metadata } = stored;
    this.#insert.run(position, streamId, revision, id, typeId, flags, createdMs, data, metadata);
    this.#position = position;
    head.lastRevision = revision;
    this.#inserted.push(stored);
  }
}

const EMPTY = new Uint8Array(0);
const STREAM_DELETED: WriteResult = { outcome: 'stream-deleted' };

function resultOf(verdict: Exclude<Verdict, { verdict: 'append' }>, head: StreamHead | undefined): WriteResult {
  switch (verdict.verdict) {
    case 'repeated':
      return { outcome: 'written', revision: verdict.revision, position: verdict.position };
    case 'conflict':
      return { outcome: 'wrong-expected-revision', currentRevision: head?.lastRevision ?? -1 };
    case 'deleted':
      return STREAM_DELETED;
  }
}

const systemEvent = (type: string, data: Uint8Array): ProposedEvent => ({
  id: Buffer.from(randomUUID().replaceAll('-', ''), 'hex'),
  type,
  isJson: true,
  data,
  metadata: EMPTY,
});
