import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a caller may send as `X-Request-Id`; anything else is replaced. */
const REQUEST_ID = /^[A-Za-z0-9_.:/+=-]{1,128}$/;

/** The request's id is the correlation id of everything that follows from it. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
