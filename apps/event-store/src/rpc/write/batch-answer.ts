import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status as grpcStatus } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { ExpectedRevision, WriteResult } from '../../store/events.js';
import { MAX_APPEND_BYTES } from '../errors.js';
import { shared, status, streamIdentifier, streams } from '../stubs.js';

/** Every end a batch append can come to. */
export type BatchOutcome =
  | WriteResult
  | { readonly outcome: 'too-large' }
  | { readonly outcome: 'bad-request'; readonly message: string }
  | { readonly outcome: 'failed' };

export interface BatchHeader {
  readonly correlationId: UUID | undefined;
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

export function batchAnswer(header: BatchHeader, outcome: BatchOutcome): BatchAppendResp {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(header.correlationId).setStreamIdentifier(streamIdentifier(header.stream));
  if (outcome.outcome === 'written') return answer.setSuccess(success(outcome));
  return answer.setError(errorStatus(header, outcome));
}

function success({ revision, position }: { revision: number; position: number | undefined }) {
  const answer = new streams.BatchAppendResp.Success();
  if (revision < 0) answer.setNoStream(new empty.Empty());
  else answer.setCurrentRevision(String(revision));
  if (position === undefined) return answer.setNoPosition(new empty.Empty());
  const place = new shared.AllStreamPosition();
  return answer.setPosition(place.setCommitPosition(String(position)).setPreparePosition(String(position)));
}

/** Codes and messages are those of EventStoreDB; the client reads the packed details. */
function errorStatus(header: BatchHeader, outcome: Exclude<BatchOutcome, { outcome: 'written' }>): Status {
  switch (outcome.outcome) {
    case 'wrong-expected-revision':
      return statusOf(
        grpcStatus.ALREADY_EXISTS,
        'WrongExpectedVersion',
        conflict(header.expected, outcome.currentRevision),
      );
    case 'stream-deleted': {
      const details = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(header.stream));
      return statusOf(grpcStatus.NOT_FOUND, 'StreamDeleted', details);
    }
    case 'too-late':
      return statusOf(grpcStatus.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
    case 'too-large': {
      const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES);
      return statusOf(grpcStatus.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details);
    }
    case 'bad-request':
      return statusOf(
        grpcStatus.INVALID_ARGUMENT,
        'BadRequest',
        new shared.BadRequest().setMessage(outcome.message),
        outcome.message,
      );
    case 'failed':
      return statusOf(grpcStatus.UNKNOWN, 'Unknown', new shared.Unknown());
  }
}

/** The message is the type's name unless there is more to say. */
function statusOf(code: number, type: string, details: { serializeBinary(): Uint8Array }, message = type): Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${type}`);
  return new status.Status().setCode(code).setMessage(message).setDetails(packed);
}

function conflict(expected: ExpectedRevision, current: number) {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  if (expected === 'any') return details.setExpectedAny(new empty.Empty());
  if (expected === 'no_stream') return details.setExpectedNoStream(new empty.Empty());
  if (expected === 'stream_exists') return details.setExpectedStreamExists(new empty.Empty());
  return details.setExpectedStreamPosition(String(expected));
}
