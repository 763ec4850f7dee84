import { ERRORS, type ErrorCode } from '@slipway/kernel';
import { statusOf } from '../http/error-answer.js';
import type { CallerKind } from './describe.js';
import type { Route } from './routes.js';

/** Codes by the status of their answer. */
export type ErrorsByStatus = ReadonlyMap<number, readonly ErrorCode[]>;

/**
 * Every error a route can answer with: what follows from what it is (a token, a path, a body, a key), and what its
 * description names besides.
 */
export function errorsOf(route: Route): ErrorsByStatus {
  const codes = new Set<ErrorCode>([...errorsOfRequest(route), ...(route.description?.errors ?? [])]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return new Map([...byStatus].sort(([left], [right]) => left - right));
}

export interface ErrorRow {
  /** As answers say it: in lower case. */
  readonly code: string;
  readonly status: number;
  readonly text: string;
}

/** Every code that an answer can hold, by status. */
export const errorTable = (): readonly ErrorRow[] =>
  (Object.keys(ERRORS) as ErrorCode[])
    .map((code) => ({ code: code.toLowerCase(), status: statusOf(code), text: ERRORS[code].text }))
    .filter(({ status }) => status < 500 || status === 503)
    .sort((left, right) => left.status - right.status);

/** A body is read, and refused, before anybody asks whether the route wants one. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

function errorsOfRequest(route: Route): readonly ErrorCode[] {
  const { method, pipes, isAnonymous, description } = route;
  return [
    ...(isAnonymous ? [] : ['TOKEN_REQUIRED' as const]),
    'TOKEN_INVALID',
    'IDENTITY_REFUSED',
    'ISSUER_UNAVAILABLE',
    'SERVICE_UNAVAILABLE', // that tells whose login it is
    'STORE_UNAVAILABLE',
    'RATE_LIMITED',
    'REQUEST_MALFORMED', // by its headers, if nothing else
    'READ_MODEL_UNAVAILABLE', // where tokens are looked up
    ...(WITH_BODY.has(method) ? BODY_ERRORS : []),
    ...(description && WITH_A_ROLE.has(description.who) ? ['ACCESS_DENIED' as const] : []),
    ...pipes.map(({ otherwise = 'FIELD_INVALID' as const }) => otherwise),
    ...(description?.headers ? ['FIELD_INVALID' as const] : []),
    ...(takesIdempotencyKey(route) ? KEY_ERRORS : []),
    ...(method === 'GET' ? [] : DECIDED_ERRORS),
  ];
}

/** Others may see the thing, and still not do this with it. */
const WITH_A_ROLE: ReadonlySet<CallerKind> = new Set(['builder', 'admin', 'operator']);

const BODY_ERRORS: readonly ErrorCode[] = ['BODY_TOO_LARGE', 'CONTENT_TYPE_UNSUPPORTED'];
const KEY_ERRORS: readonly ErrorCode[] = ['FIELD_INVALID', 'IDEMPOTENCY_KEY_REUSED'];
/** Of the services that decide, and of the store they keep events in. */
const DECIDED_ERRORS: readonly ErrorCode[] = [
  'SERVICE_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'REVISION_CONFLICT',
  'APPEND_TOO_LARGE',
];

export const takesIdempotencyKey = ({ method, description }: Route): boolean =>
  method === 'POST' && description?.idempotent !== false;
