import { AppError } from '@slipway/kernel';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import { status as Code, type ServiceError } from '@grpc/grpc-js';

/** The connection broke, or the server did not answer or could not just now: the same call may succeed later. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

export const unavailable = (details: Readonly<Record<string, unknown>>, cause?: unknown): AppError =>
  new AppError('STORE_UNAVAILABLE', details, { cause });

/** What the server refuses for good, whatever the connection; anything else is worth another try. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  Code.INVALID_ARGUMENT,
  Code.OUT_OF_RANGE,
  Code.FAILED_PRECONDITION,
  Code.UNIMPLEMENTED,
]);
const REFUSED_CODES: ReadonlySet<number> = new Set([Code.PERMISSION_DENIED, Code.UNAUTHENTICATED]);

/** An error of a gRPC call. Some errors of a broken connection carry no code at all. */
export function callError(error: unknown, stream: string): Error {
  const { code, metadata } = error as Partial<ServiceError>;
  const exception = metadata?.get?.('exception')[0]?.toString();
  if (exception === 'stream-deleted') return new AppError('STREAM_NOT_FOUND', { stream }, { cause: error });
  if (exception === 'not-leader') return new TransportError('The member is not the leader', { cause: error });
  if (code !== undefined && REFUSED_CODES.has(code)) return unavailable({ stream, reason: 'access denied' }, error);
  if (code !== undefined && FINAL_CODES.has(code)) return new Error(`Refused: ${String(error)}`, { cause: error });
  return new TransportError(String(error), { cause: error });
}

/** An error of one append in a batch call: a google.rpc.Status whose details name what happened. */
export function appendError(status: Status, stream: string): Error {
  const type = status.getDetails()?.getTypeName().replace('event_store.client.', '') ?? '';
  switch (type) {
    case 'WrongExpectedVersion':
      return new AppError('REVISION_CONFLICT', { stream });
    case 'StreamDeleted':
      return new AppError('STREAM_NOT_FOUND', { stream });
    case 'MaximumAppendSizeExceeded':
      return new AppError('APPEND_TOO_LARGE', { stream });
    case 'AccessDenied':
      return unavailable({ stream, reason: 'access denied' });
    case 'BadRequest':
    case 'InvalidTransaction':
      return new Error(`Append to ${stream} refused: ${type} ${status.getMessage()}`);
    default: // Timeout, Unknown, and whatever later servers say about themselves
      return new TransportError(`${type} ${status.getMessage()}`);
  }
}
