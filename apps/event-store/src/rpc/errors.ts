import { Metadata, status } from '@grpc/grpc-js';
import type { ExpectedRevision } from '../store/events.js';

export const MAX_APPEND_BYTES = 1024 * 1024;

/**
 * Ends a call the way EventStoreDB would: the client picks its typed error by the trailer `exception`, and takes the
 * error's fields from the other trailers. Source: EventStoreDB's RpcExceptions.
 */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, printable(value));
  }
}

export const streamDeleted = (stream: string): RpcError =>
  new RpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (
  operation: string,
  { stream, expected, current }: { stream: string; expected: ExpectedRevision; current: number },
): RpcError =>
  new RpcError(
    status.FAILED_PRECONDITION,
    `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${versionOf(expected)}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(versionOf(expected)),
      'actual-version': current < 0 ? '' : String(current), // the client reads an empty value as "no stream"
    },
  );

export const maximumAppendSizeExceeded = (): RpcError =>
  new RpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });

export const requiredMetadataMissing = (property: string): RpcError =>
  new RpcError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const invalidArgument = (details: string): RpcError => new RpcError(status.INVALID_ARGUMENT, details);

export const deadlineExceeded = (): RpcError =>
  new RpcError(status.DEADLINE_EXCEEDED, 'The deadline passed before the events were written.');

/** The client answers it by opening a new connection. */
export const shuttingDown = (): RpcError => new RpcError(status.UNAVAILABLE, 'The server is shutting down.');

/** UNAUTHENTICATED and the trailer both make the client raise AccessDenied. */
export const accessDenied = (): RpcError =>
  new RpcError(status.UNAUTHENTICATED, 'Access Denied', { exception: 'access-denied' });

/** What a client is told of an error nobody foresaw. */
export const rpcErrorOf = (error: unknown): RpcError =>
  error instanceof RpcError
    ? error
    : new RpcError(status.UNKNOWN, error instanceof Error ? error.message : String(error));

/** The numbers EventStoreDB has for expectations that are no revision. */
function versionOf(expected: ExpectedRevision): number {
  switch (expected) {
    case 'any':
      return -2;
    case 'no_stream':
      return -1;
    case 'stream_exists':
      return -4;
    default:
      return expected;
  }
}

/** Trailers are ASCII; other names are percent-encoded rather than lost. */
const printable = (value: string): string => (/^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value));
