/** What a writer demands of the stream's present state. A number is the revision of its last event. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | number;

/** An event as a client proposes it. */
export interface ProposedEvent {
  readonly id: Uint8Array; // UUID, 16 bytes
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as it is stored. Stream and type are row ids; `EventStore.streamName` and `typeName` turn them into names. */
export interface StoredEvent {
  readonly position: number; // place in $all: 1, 2, 3 …, never used twice
  readonly streamId: number;
  readonly revision: number; // place in its stream: 0, 1, 2 …
  readonly id: Uint8Array;
  readonly typeId: number;
  readonly flags: number; // EventFlag
  readonly createdMs: number; // Unix time; never decreases with position
  readonly data: Uint8Array;
  readonly metadata: Uint8Array | null;
}

export const EventFlag = { json: 1, tombstone: 2 } as const;

/** `written` also answers an append that was already made: then revision and position are those of its events. */
export type WriteResult =
  | { readonly outcome: 'written'; readonly revision: number; readonly position: number | undefined }
  | { readonly outcome: 'wrong-expected-revision'; readonly currentRevision: number } // -1: no stream
  | { readonly outcome: 'stream-deleted' }
  | { readonly outcome: 'too-late' }; // its deadline passed before it was written

export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';

const METASTREAM_PREFIX = '$$';
export const metastreamOf = (stream: string): string => METASTREAM_PREFIX + stream;
export const isMetastream = (stream: string): boolean => stream.startsWith(METASTREAM_PREFIX);
export const originalStreamOf = (metastream: string): string => metastream.slice(METASTREAM_PREFIX.length);

/** Names no event can be appended to: the log of all events, and metadata of nothing or of metadata. */
export const isReservedStream = (stream: string): boolean =>
  stream === '' || stream === '$all' || stream === METASTREAM_PREFIX || stream.startsWith('$$$$');
