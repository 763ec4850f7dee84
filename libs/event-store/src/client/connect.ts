import { randomUUID } from 'node:crypto';
import { AppError } from '@slipway/kernel';
import { timed } from '@slipway/platform';
import type { Appended, EventStore, Expected, StoredEvent } from '../port.js';
import { AppendLane } from './append-lane.js';
import { openConnection } from './connection.js';
import { unavailable } from './errors.js';
import { encodeEvent } from './event-codec.js';
import { readEvents } from './read.js';
import { newestEventsRequest, streamReadRequest, type ProposedEvent, type StreamRead } from './requests.js';
import { withRetry, type RetryOptions } from './retry.js';
import { Semaphore } from './semaphore.js';
import { followAll, type SubscriptionLog } from './subscription.js';

export interface ConnectOptions {
  /** `esdb://[user:password@]host:port[,host:port…]?tls=false`, as EventStoreDB documents it. */
  readonly url: string;
  /** How long one call is tried again while the server is away, ms (default 10,000; reads at most 5,000). */
  readonly patienceMs?: number;
  /** Hears of interrupted subscriptions. */
  readonly logger?: SubscriptionLog;
}

/** More in flight gains nothing, and 10,000 at once meet the server's deadlines. */
const APPENDS_IN_FLIGHT = 128;
const MAX_APPEND_BYTES = 1024 * 1024; // EventStoreDB's default; one append is one gRPC message, so far below its limit
const PATIENCE_MS = 10_000;
const READ_PATIENCE_MS = 5_000; // somebody waits for the answer
const READ_TRY_MS = 30_000; // one read may move many events
const PING_LIMIT = { limitMs: 0, tryMs: 900 }; // readiness checks have about a second

/** Connects lazily: a server that is away at first is met by the first call, as STORE_UNAVAILABLE. */
export function connectEventStore({
  url,
  patienceMs = PATIENCE_MS,
  logger = { warn: () => {} },
}: ConnectOptions): EventStore {
  const connection = openConnection(url);
  const lane = new AppendLane(connection);
  const permits = new Semaphore(APPENDS_IN_FLIGHT);
  const closing = new AbortController();
  const appendLimit = { limitMs: patienceMs, tryMs: patienceMs / 2 };
  const readLimit = { limitMs: Math.min(patienceMs, READ_PATIENCE_MS), tryMs: READ_TRY_MS };

  const started = (operation: RetryOptions['operation'], stream: string) => ({
    operation,
    startedAt: performance.now(),
    signal: closing.signal,
    details: { stream },
  });

  const read = async (options: StreamRead): Promise<readonly StoredEvent[]> =>
    options.max < 1
      ? []
      : withRetry({ ...readLimit, ...started('read', options.stream) }, (signal) =>
          readEvents(connection, streamReadRequest(options), { stream: options.stream, signal }),
        );

  const append = async (stream: string, events: readonly ProposedEvent[], expected: Expected): Promise<Appended> => {
    const retry = { ...appendLimit, ...started('append', stream) };
    const { revision, position } = await permits.run(() =>
      withRetry(retry, (signal) => lane.append({ stream, events, expected }, signal)),
    );
    if (position !== undefined) return { revision, position };
    const [last] = await read({ stream, direction: 'forwards', from: revision, max: 1 });
    if (!last) throw new AppError('STREAM_NOT_FOUND', { stream, revision });
    return { revision, position: last.position };
  };

  return {
    async append(stream, events, expected) {
      if (events.length === 0) throw new RangeError('Nothing to append');
      const proposed = events.map(encodeEvent);
      const bytes = proposed.reduce((sum, event) => sum + event.data.length + event.metadata.length, 0);
      if (bytes > MAX_APPEND_BYTES) throw new AppError('APPEND_TOO_LARGE', { stream, bytes, max: MAX_APPEND_BYTES });
      return timed('slipway_store_append_duration_seconds', () => append(stream, proposed, expected));
    },
    read: (stream, { from = 0, max = Number.MAX_SAFE_INTEGER } = {}) =>
      read({ stream, direction: 'forwards', from, max }),
    readLast: (stream, max) => read({ stream, direction: 'backwards', from: 'end', max }),
    newest: (max) =>
      withRetry({ ...readLimit, ...started('read', '$all') }, (signal) =>
        readEvents(connection, newestEventsRequest(max), { stream: '$all', signal }),
      ),
    subscribeAll: ({ after, prefixes, signal }) => {
      if (prefixes.length === 0) throw new RangeError('A subscription needs a prefix');
      return followAll(connection, { after, prefixes, signal: AbortSignal.any([signal, closing.signal]) }, logger);
    },
    async retain(stream, { maxAgeS, maxCount }) {
      const data = {
        ...(maxAgeS === undefined ? {} : { $maxAge: maxAgeS }),
        ...(maxCount === undefined ? {} : { $maxCount: maxCount }),
      };
      await append(`$$${stream}`, [retention(data)], 'any');
    },
    async ping() {
      await withRetry({ ...PING_LIMIT, ...started('ping', '$all') }, (signal) =>
        readEvents(connection, newestEventsRequest(1), { stream: '$all', signal }),
      );
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort(unavailable({ reason: 'closed' }));
      await connection.close();
    },
  };
}

/** Stream metadata is an event of its own in `$$<stream>`. */
function retention(limits: Readonly<Record<string, number>>): ProposedEvent {
  const data = new TextEncoder().encode(JSON.stringify(limits));
  return { id: randomUUID(), type: '$metadata', isJson: true, data, metadata: new Uint8Array() };
}
