import { once } from 'node:events';
import { watch } from '@slipway/platform';
import type { FastifyReply } from 'fastify';

/** A client that takes nothing for this long is let go; it may come back and resume. */
const STALL_LIMIT_MS = 30_000;
/** When an EventSource should come back. */
const RETRY_MS = 2_000;

/** Server-Sent Events to one client. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  /** Aborted when the client is gone, or was let go. */
  readonly signal: AbortSignal;
  /**
   * Resolves when the client can take more, so that a client which stops reading holds one text in memory and no more.
   * Nothing happens when the client is gone.
   */
  readonly write: (text: string) => Promise<void>;
  readonly end: () => void;
}

export interface ServerSentEvent {
  readonly id?: number;
  /** Absent: `message`. */
  readonly event?: string;
  readonly data: unknown;
}

/** JSON holds no line break, so one `data` line is enough. */
export const printEvent = ({ id, event, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Of this process. */
let openStreams = 0;
watch('slipway_open_event_streams', () => openStreams);

/** Takes the answer over from fastify. */
export function openEventStream(
  reply: FastifyReply,
  requestId: string,
  { stallLimitMs = STALL_LIMIT_MS }: { readonly stallLimitMs?: number } = {},
): EventStream {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  openStreams += 1;
  raw.once('close', () => {
    openStreams -= 1;
    gone.abort();
  });
  raw.on('error', () => gone.abort()); // a reset while writing; the close follows
  if (raw.destroyed) raw.emit('close');
  raw.socket?.setNoDelay(true);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no', // nginx
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);

  return {
    signal: gone.signal,
    write: async (text) => {
      if (gone.signal.aborted || raw.write(text)) return;
      const limit = AbortSignal.timeout(stallLimitMs);
      await once(raw, 'drain', { signal: AbortSignal.any([gone.signal, limit]) }).catch(() => {
        gone.abort();
        raw.destroy();
      });
    },
    end: () => {
      raw.end();
    },
  };
}
