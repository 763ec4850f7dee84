import { HttpException } from '@nestjs/common';
import type { ErrorEntryView, ErrorsView } from '@slipway/contracts';
import { AppError, ERRORS, type ErrorCode, type ErrorKind } from '@slipway/kernel';
import { FieldsInvalid } from './parse.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorsView;
  /** Nobody foresaw it: to be logged, and told to nobody. */
  readonly isBug: boolean;
}

const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  superseded: 409,
  precondition: 412,
  'too-large': 413,
  unsupported: 415,
  unprocessable: 422,
  limited: 429,
  unavailable: 503,
};

const RETRY_AFTER_S = 2;
/** What a 503 carries. */
export const RETRY_AFTER = { 'retry-after': String(RETRY_AFTER_S) };
const HEADERS: { readonly [Kind in ErrorKind]?: Readonly<Record<string, string>> } = {
  unauthenticated: { 'www-authenticate': 'Token' },
  limited: RETRY_AFTER,
  unavailable: RETRY_AFTER,
};

/** What of the request a code speaks of, where the error itself does not name its `source`. */
const SOURCE: { readonly [Code in ErrorCode]?: string } = {
  TOKEN_REQUIRED: 'Authorization',
  TOKEN_INVALID: 'Authorization',
  IDENTITY_REFUSED: 'Authorization',
  CONTENT_TYPE_UNSUPPORTED: 'Content-Type',
  ACCESS_DENIED: 'namespace',
  REPOSITORY_NOT_FOUND: 'repo_name',
  REPOSITORY_EXISTS: 'repo_name',
  CODE_HOST_CLOSED: 'build_config.code_repo_client',
  SECRET_NOT_FOUND: 'name',
  REGISTRY_CREDENTIAL_NOT_FOUND: 'host',
  ADDRESS_REFUSED: 'build_config.code_repo_clone_url',
  REPOSITORY_BUSY: 'repo_name',
  REPOSITORY_CLOSING: 'repo_name',
  BUILD_CONFIG_CHANGED: 'If-Match',
  TAG_CONFIG_NOT_FOUND: 'tag',
  NAMESPACE_NOT_FOUND: 'namespace',
  NAMESPACE_EXISTS: 'name',
  MEMBER_NOT_FOUND: 'username',
  LAST_ADMIN: 'username',
  LAST_ADMINISTRATOR: 'username',
  USER_EXISTS: 'username',
  PASSWORD_WRONG: 'old_password',
  PASSWORD_REFUSED: 'username',
  TOKEN_NOT_FOUND: 'id',
  ROBOT_NOT_FOUND: 'name',
  ROBOT_EXISTS: 'name',
  ROBOT_LIMIT_REACHED: 'namespace',
  USER_NOT_FOUND: 'username',
  QUOTA_EXCEEDED: 'namespace',
  BUILD_NOT_FOUND: 'build_id',
  BUILD_CLOSED: 'build_id',
  BUILD_COMMIT_UNKNOWN: 'build_id',
  CODE_HOST_TOKEN_NOT_FOUND: 'client',
  WEBHOOK_NOT_FOUND: 'code',
  DELIVERY_NOT_FOUND: 'id',
  DELIVERY_UNFINISHED: 'id',
  HOOK_NOT_FOUND: 'id',
  HOOK_LIMIT_REACHED: 'namespace',
  HOOK_DELIVERY_NOT_FOUND: 'delivery_id',
  HOOK_DELIVERY_PENDING: 'delivery_id',
  IDEMPOTENCY_KEY_REUSED: 'Idempotency-Key',
};

/**
 * What the framework refuses before any of our code sees it: a method that a path does not know is as unknown as the
 * path. Another 4xx is a request that cannot be read.
 */
const OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'ROUTE_NOT_FOUND',
  405: 'ROUTE_NOT_FOUND',
  413: 'BODY_TOO_LARGE',
  415: 'CONTENT_TYPE_UNSUPPORTED',
};

/** Every error as an answer. Knows kinds, and says nothing that the error table does not say. */
export function answerTo(error: unknown, correlationId: string): ErrorAnswer {
  const known = knownError(error);
  if (known === undefined || NOT_THE_CALLERS.has(known.code)) {
    const message = `Something went wrong here. Correlation id: ${correlationId}`;
    return {
      status: 500,
      headers: {},
      body: { errors: [{ code: 'internal_error', message, source: null }] },
      isBug: true,
    };
  }
  return {
    status: STATUS[known.kind],
    headers: headersOf(known),
    body: { errors: entriesOf(known) },
    isBug: false,
  };
}

/** Of the answer that tells this error. */
export const statusOf = (code: ErrorCode): number => answerTo(new AppError(code), '').status;

/** The gateway wrote the message, so one that nobody understands is its own fault. */
const NOT_THE_CALLERS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['MESSAGE_INVALID']);

function knownError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const status = frameworkStatusOf(error);
  if (status === undefined || status < 400 || status >= 500) return undefined;
  return new AppError(OF_STATUS[status] ?? 'REQUEST_MALFORMED');
}

/** Nest and fastify each have a way to say it. */
function frameworkStatusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

/** An error that knows when it will be over says so. */
function headersOf({ kind, details: { retryAfterS } }: AppError): ErrorAnswer['headers'] {
  const headers = HEADERS[kind] ?? {};
  return typeof retryAfterS === 'number' ? { ...headers, 'retry-after': String(retryAfterS) } : headers;
}

function entriesOf(error: AppError): ErrorEntryView[] {
  const code = error.code.toLowerCase();
  if (error instanceof FieldsInvalid) return error.fields.map(({ source, message }) => ({ code, message, source }));
  const { source = SOURCE[error.code] ?? null } = error.details;
  return [{ code, message: ERRORS[error.code].text, source: typeof source === 'string' ? source : null }];
}
