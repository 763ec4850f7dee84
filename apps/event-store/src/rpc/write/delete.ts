import type { DeleteReq, DeleteResp, TombstoneReq, TombstoneResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { EventStore } from '../../store/event-store.js';
import { deadlineOf } from './deadline.js';
import { deadlineExceeded, invalidArgument, streamDeleted, wrongExpectedVersion } from '../errors.js';
import { expectedRevision, writableStream } from './proposed-event.js';
import { streams } from '../stubs.js';

/** Soft: the stream reads as absent and comes back with its next event. */
export async function deleteStream(
  store: EventStore,
  call: ServerUnaryCall<DeleteReq, DeleteResp>,
): Promise<DeleteResp> {
  const position = await remove(store, call, false);
  const place = new streams.DeleteResp.Position();
  place.setCommitPosition(String(position)).setPreparePosition(String(position));
  return new streams.DeleteResp().setPosition(place);
}

/** For good: nothing can be appended to the stream again. */
export async function tombstoneStream(
  store: EventStore,
  call: ServerUnaryCall<TombstoneReq, TombstoneResp>,
): Promise<TombstoneResp> {
  const position = await remove(store, call, true);
  const place = new streams.TombstoneResp.Position();
  place.setCommitPosition(String(position)).setPreparePosition(String(position));
  return new streams.TombstoneResp().setPosition(place);
}

type DeleteCall = ServerUnaryCall<DeleteReq, DeleteResp> | ServerUnaryCall<TombstoneReq, TombstoneResp>;

async function remove(store: EventStore, call: DeleteCall, isTombstone: boolean): Promise<number> {
  const options = call.request.getOptions();
  if (!options) throw invalidArgument('The options of the delete are missing.');
  const stream = writableStream(options.getStreamIdentifier());
  const expected = expectedRevision(options, options.hasRevision() ? options.getRevision() : undefined);
  const result = await store.delete({ stream, expected, isTombstone }, deadlineOf(call));
  switch (result.outcome) {
    case 'written':
      return result.position ?? store.lastPosition;
    case 'wrong-expected-revision':
      throw wrongExpectedVersion('Delete', { stream, expected, current: result.currentRevision });
    case 'stream-deleted':
      throw streamDeleted(stream);
    case 'too-late':
      throw deadlineExceeded();
  }
}
