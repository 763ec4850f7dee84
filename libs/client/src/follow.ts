import { setTimeout as pause } from 'node:timers/promises';
import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { refusalOf } from './api-error.js';
import type { FollowedEnd, FollowedLine, FollowedStatus } from './api.js';

/** What a followed build tells. */
export type LogNews =
  | ({ readonly type: 'line' } & FollowedLine)
  | ({ readonly type: 'status' } & FollowedStatus)
  | ({ readonly type: 'end' } & FollowedEnd);

export interface FollowOptions {
  /** The last line that the caller has; default 0: from the beginning. */
  readonly afterLine?: number;
}

export interface Access {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The log could not be followed to its end. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

const TRIES = 5; // in a row, without a line in between
const PAUSE_MS = 500;

export async function* followLog(
  access: Access,
  buildId: string,
  { afterLine = 0 }: FollowOptions,
): AsyncGenerator<LogNews, void, undefined> {
  let lastLine = afterLine;
  let cause: unknown;
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      for await (const news of connect(access, buildId, lastLine)) {
        yield news;
        if (news.type === 'end') return;
        if (news.type === 'line') lastLine = news.line;
        tries = 1;
      }
    } catch (error) {
      if (access.signal?.aborted || !isConnectionFailure(error)) throw error;
      cause = error;
    }
    await pause(PAUSE_MS, undefined, { ...(access.signal && { signal: access.signal }) });
  }
  throw new ConnectionLost(`the log of build ${buildId} broke off ${TRIES} times`, { cause });
}

/** What fetch throws when a connection fails (TypeError) or takes too long (DOMException). */
const isConnectionFailure = (error: unknown): boolean => error instanceof TypeError || error instanceof DOMException;

async function* connect(access: Access, buildId: string, lastLine: number): AsyncGenerator<LogNews, void, undefined> {
  const url = `${access.baseUrl}/v1/builds/${encodeURIComponent(buildId)}/logs/stream`;
  const headers = { ...access.headers, accept: 'text/event-stream', 'last-event-id': String(lastLine) };
  const response = await fetch(url, { headers, ...(access.signal && { signal: access.signal }) });
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => undefined));
  if (!response.body) return;
  const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const message of messages) yield newsOf(message);
}

/** By the name of the event; the document says what each holds. */
function newsOf({ event, data }: EventSourceMessage): LogNews {
  const content: unknown = JSON.parse(data);
  if (event === 'end') return { type: 'end', ...(content as FollowedEnd) };
  if (event === 'status') return { type: 'status', ...(content as FollowedStatus) };
  return { type: 'line', ...(content as FollowedLine) };
}
