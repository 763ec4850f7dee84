import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendReq, ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Expected, Position, Revision } from '../port.js';

/** An event as it goes over the wire. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StreamRead {
  readonly stream: string;
  readonly direction: 'forwards' | 'backwards';
  readonly from: Revision | 'end';
  readonly max: number;
}

/** Events the server looks at before it reports a checkpoint: what a restart reads again at most. */
const CHECKPOINT_EVENTS = 512;

export function streamReadRequest({ stream, direction, from, max }: StreamRead): ReadReq {
  const target = new streams.ReadReq.Options.StreamOptions();
  target.setStreamIdentifier(streamIdentifier(stream));
  if (from === 'end') target.setEnd(new shared.Empty());
  else target.setRevision(String(from));
  const options = readOptions();
  options.setStream(target);
  options.setReadDirection(direction === 'forwards' ? 0 : 1);
  options.setCount(String(max));
  options.setNoFilter(new shared.Empty());
  return readRequest(options);
}

/** The newest events of `$all`. One is the cheapest question that only a working store answers. */
export function newestEventsRequest(max: number): ReadReq {
  const target = new streams.ReadReq.Options.AllOptions();
  target.setEnd(new shared.Empty());
  const options = readOptions();
  options.setAll(target);
  options.setReadDirection(1);
  options.setCount(String(max));
  options.setNoFilter(new shared.Empty());
  return readRequest(options);
}

export function subscribeAllRequest(after: Position | undefined, prefixes: readonly string[]): ReadReq {
  const target = new streams.ReadReq.Options.AllOptions();
  if (after === undefined) target.setStart(new shared.Empty());
  else {
    const position = new streams.ReadReq.Options.Position();
    position.setCommitPosition(String(after));
    position.setPreparePosition(String(after));
    target.setPosition(position);
  }
  const names = new streams.ReadReq.Options.FilterOptions.Expression();
  names.setPrefixList([...prefixes]);
  const filter = new streams.ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(names);
  filter.setMax(CHECKPOINT_EVENTS);
  filter.setCheckpointintervalmultiplier(1);
  const options = readOptions();
  options.setAll(target);
  options.setFilter(filter);
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  return readRequest(options);
}

export interface AppendRequest {
  readonly correlationId: string;
  readonly stream: string;
  readonly events: readonly ProposedEvent[];
  readonly expected: Expected;
}

/**
 * Without a deadline, so that the server's own time-out counts: the protocol wants a time of day, and where the clocks of
 * the two machines differ every append would be too late.
 */
export function appendRequest({ correlationId, stream, events, expected }: AppendRequest): BatchAppendReq {
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  if (expected === 'any') options.setAny(new empty.Empty());
  else if (expected === 'exists') options.setStreamExists(new empty.Empty());
  else if (expected < 0) options.setNoStream(new empty.Empty());
  else options.setStreamPosition(String(expected));
  const request = new streams.BatchAppendReq();
  request.setCorrelationId(uuid(correlationId));
  request.setOptions(options);
  request.setIsFinal(true);
  request.setProposedMessagesList(events.map(proposedMessage));
  return request;
}

function proposedMessage({ id, type, isJson, data, metadata }: ProposedEvent): BatchAppendReq.ProposedMessage {
  const message = new streams.BatchAppendReq.ProposedMessage();
  message.setId(uuid(id));
  message.getMetadataMap().set('type', type);
  message.getMetadataMap().set('content-type', isJson ? 'application/json' : 'application/octet-stream');
  message.setData(data);
  message.setCustomMetadata(metadata);
  return message;
}

function readOptions(): ReadReq.Options {
  const ids = new streams.ReadReq.Options.UUIDOption();
  ids.setString(new shared.Empty());
  const options = new streams.ReadReq.Options();
  options.setUuidOption(ids);
  options.setResolveLinks(false);
  return options;
}

function readRequest(options: ReadReq.Options): ReadReq {
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}

function streamIdentifier(name: string): StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(new TextEncoder().encode(name));
  return identifier;
}

function uuid(value: string): UUID {
  const id = new shared.UUID();
  id.setString(value);
  return id;
}
