/** Commit position in `$all`: grows with every event. EventStoreDB's is 64 bits; the adapter refuses what a number cannot hold. */
export type Position = number;

/** Number of the last event of a stream, from 0; -1: the stream has no event. */
export type Revision = number;

/** What the stream must look like for an append to be accepted. */
export type Expected = Revision | 'any' | 'exists';

/** Who, when and why. Kept beside every event, readable by any EventStoreDB tool. */
export interface EventMetadata {
  /** ISO 8601 UTC with milliseconds: when it was decided, by the clock that came with the command. */
  readonly at: string;
  /** User, robot or service that caused it: `user:alice`, `agent:a1`, `service:repository`. */
  readonly actor: string;
  readonly $correlationId: string;
  readonly $causationId: string;
  /** W3C Trace Context: under which span it was appended. */
  readonly traceparent?: string;
  /** Schema version of `data`. Older versions are upcast when read. */
  readonly version: number;
}

export interface NewEvent {
  /** UUID. The same id in the same place of a stream is appended once, however often it is sent. */
  readonly id: string;
  readonly type: string;
  /** JSON value, or bytes. Bytes come back as bytes. */
  readonly data: unknown;
  readonly metadata: EventMetadata & Readonly<Record<string, unknown>>;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
}

export interface Appended {
  readonly revision: Revision;
  /** Of the last event appended. */
  readonly position: Position;
}

/** One item of a subscription. `checkpoint`: everything up to there was looked at. */
export type SubscriptionItem =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' };

export interface SubscribeAll {
  /** Exclusive: the first event delivered comes after it. `undefined`: from the very first. */
  readonly after: Position | undefined;
  /** Only streams whose names start with one of these; at least one. */
  readonly prefixes: readonly string[];
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
}

/**
 * The event store as Slipway uses it. Every method may be called concurrently and has a time limit of its own.
 * @throws STORE_UNAVAILABLE from every method when the server does not answer; the same call may be repeated.
 */
export interface EventStore {
  /**
   * Appends all events (at least one) or none; durable when it resolves. Repeating it with the same event ids changes nothing and
   * answers as the first time.
   * @throws REVISION_CONFLICT when the stream is not as expected, or has some of these events and not the others;
   * APPEND_TOO_LARGE above 1 MiB; STREAM_NOT_FOUND for a stream somebody has tombstoned, as `read` does
   */
  append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended>;

  /** All events of a stream from `from` (default 0) on, oldest first. A missing stream is an empty one. */
  read(stream: string, options?: { readonly from?: Revision; readonly max?: number }): Promise<readonly StoredEvent[]>;

  /** The newest `max` events, newest first. */
  readLast(stream: string, max: number): Promise<readonly StoredEvent[]>;

  /** The newest `max` events of all streams, newest first; those of the server itself too. */
  newest(max: number): Promise<readonly StoredEvent[]>;

  /**
   * Follows `$all` for ever: history first, then live, in order, each event once. Reconnects by itself with a growing
   * pause (at most 5 s). The consumer's pace is the backpressure.
   */
  subscribeAll(options: SubscribeAll): AsyncIterable<SubscriptionItem>;

  /** Retention, applied by the server when reading. */
  retain(stream: string, limits: { readonly maxAgeS?: number; readonly maxCount?: number }): Promise<void>;

  /** Resolves when the server answers. */
  ping(): Promise<void>;

  close(): Promise<void>;
}
