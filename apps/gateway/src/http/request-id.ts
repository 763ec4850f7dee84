import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a caller may send as `X-Request-Id`; anything else is replaced. */
const REQUEST_ID = /^[A-Za-z0-9_.:/+=-]{1,128}$/;
/** Source: W3C Trace Context, version 00 */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The request's id is the correlation id of everything that follows from it. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

export function traceparentOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const given = headers['traceparent'];
  return typeof given === 'string' && TRACEPARENT.test(given) ? given : undefined;
}
