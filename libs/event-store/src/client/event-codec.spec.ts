import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { newEvent } from '../contract/port.fixtures.js';
import { decodeEvent, decodeUuid, encodeEvent, safeNumber } from './event-codec.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As another writer may have stored it. */
function foreign({ data = bytes('{}'), metadata = bytes('{}'), json = true, position = '7' }): ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString('7ed3f954-6ba6-494a-a4d3-bbde9dbf3f45');
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(bytes('straße-1'));
  event.setId(id);
  event.setStreamIdentifier(stream);
  event.setStreamRevision('3');
  event.setCommitPosition(position);
  event.getMetadataMap().set('type', 'Thing');
  event.getMetadataMap().set('content-type', json ? 'application/json' : 'application/octet-stream');
  event.setData(data);
  event.setCustomMetadata(metadata);
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(event);
  const response = new streams.ReadResp();
  response.setEvent(read);
  return response;
}

describe('event codec', () => {
  it('reads what another writer stored', () => {
    expect(decodeEvent(foreign({ data: bytes('{"a":"ü"}'), metadata: bytes('{"by":"hand"}') }))).toEqual({
      id: '7ed3f954-6ba6-494a-a4d3-bbde9dbf3f45',
      type: 'Thing',
      stream: 'straße-1',
      revision: 3,
      position: 7,
      data: { a: 'ü' },
      metadata: { by: 'hand' },
    });
  });

  it('gives bytes for what is called JSON and is not, and no metadata for what is none', () => {
    const broken = bytes('{"a":');
    expect(decodeEvent(foreign({ data: broken, metadata: broken }))).toMatchObject({ data: broken, metadata: {} });
    expect(decodeEvent(foreign({ metadata: new Uint8Array() })).metadata).toEqual({});
    expect(decodeEvent(foreign({ data: bytes('null') })).data).toBeNull();
    expect(decodeEvent(foreign({ data: bytes('{}'), json: false })).data).toEqual(bytes('{}'));
  });

  it('refuses positions that a number cannot hold', () => {
    expect(safeNumber('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => safeNumber('9007199254740992')).toThrow(RangeError);
    expect(() => decodeEvent(foreign({ position: '18446744073709551615' }))).toThrow(RangeError);
  });

  it('reads ids in both of their forms', () => {
    const halves = new shared.UUID.Structured();
    halves.setMostSignificantBits(BigInt.asIntN(64, 0xfed3f9546ba6494an).toString());
    halves.setLeastSignificantBits(BigInt.asIntN(64, 0xa4d3bbde9dbf3f45n).toString());
    const structured = new shared.UUID();
    structured.setStructured(halves);
    expect(decodeUuid(structured)).toBe('fed3f954-6ba6-494a-a4d3-bbde9dbf3f45');
  });

  it('sends bytes as they are and all else as JSON', () => {
    const data = Uint8Array.of(1, 2);
    expect(encodeEvent(newEvent(data))).toMatchObject({ isJson: false, data });
    expect(encodeEvent(newEvent({ a: 1 }))).toMatchObject({ isJson: true, data: bytes('{"a":1}') });
    expect(encodeEvent({ ...newEvent(), data: undefined }).data).toEqual(encodeEvent(newEvent(null)).data);
  });
});
