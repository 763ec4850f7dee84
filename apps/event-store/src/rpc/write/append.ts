import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream } from '@grpc/grpc-js';
import type { EventStore } from '../../store/event-store.js';
import type { AppendRequest } from '../../store/event-writer.js';
import type { ProposedEvent } from '../../store/events.js';
import {
  MAX_APPEND_BYTES,
  deadlineExceeded,
  invalidArgument,
  maximumAppendSizeExceeded,
  streamDeleted,
} from '../errors.js';
import { deadlineOf } from './deadline.js';
import { expectedRevision, proposedEvent, sizeOf, writableStream } from './proposed-event.js';
import { shared, streams } from '../stubs.js';

/** One append per call; the client uses it when a call carries its own credentials. */
export async function append(
  store: EventStore,
  call: ServerReadableStream<AppendReq, AppendResp>,
): Promise<AppendResp> {
  const request = await receive(call);
  const result = await store.append(request, deadlineOf(call));
  switch (result.outcome) {
    case 'written':
      return success(result);
    case 'wrong-expected-revision':
      return conflict(request, result.currentRevision);
    case 'stream-deleted':
      throw streamDeleted(request.stream);
    case 'too-late':
      throw deadlineExceeded();
  }
}

/**
 * Reads to the end of the request even when it is known to fail: a client that is still sending would see a broken
 * connection instead of the answer. @throws RpcError
 */
async function receive(call: AsyncIterable<AppendReq>): Promise<AppendRequest> {
  const incoming = new IncomingAppend();
  let failure: unknown;
  for await (const message of call) {
    if (failure) continue;
    try {
      incoming.add(message);
    } catch (error) {
      failure = error;
    }
  }
  if (failure) throw failure;
  return incoming.request();
}

class IncomingAppend {
  #header: Omit<AppendRequest, 'events'> | undefined;
  #bytes = 0;
  readonly #events: ProposedEvent[] = [];

  add(message: AppendReq): void {
    const options = message.getOptions();
    const proposed = message.getProposedMessage();
    if (options) {
      const expected = expectedRevision(options, options.hasRevision() ? options.getRevision() : undefined);
      this.#header = { stream: writableStream(options.getStreamIdentifier()), expected };
    } else if (proposed) {
      const event = proposedEvent(proposed);
      this.#bytes += sizeOf(event);
      if (this.#bytes > MAX_APPEND_BYTES) throw maximumAppendSizeExceeded();
      this.#events.push(event);
    }
  }

  request(): AppendRequest {
    if (!this.#header) throw invalidArgument('The options of the append are missing.');
    return { ...this.#header, events: this.#events };
  }
}

function success({ revision, position }: { revision: number; position: number | undefined }): AppendResp {
  const answer = new streams.AppendResp.Success();
  if (revision < 0) answer.setNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(revision));
  if (position === undefined) answer.setNoPosition(new shared.Empty());
  else {
    const place = new streams.AppendResp.Position();
    answer.setPosition(place.setCommitPosition(String(position)).setPreparePosition(String(position)));
  }
  return new streams.AppendResp().setSuccess(answer);
}

function conflict({ expected }: AppendRequest, current: number): AppendResp {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0) answer.setCurrentNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(current));
  if (expected === 'any') answer.setExpectedAny(new shared.Empty());
  else if (expected === 'no_stream') answer.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') answer.setExpectedStreamExists(new shared.Empty());
  else answer.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(answer);
}
