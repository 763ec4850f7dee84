import type { StoredEvent } from '../../store/events.js';
import { encodeReadEvent } from './encode-read-response.js';
import { streams } from '../stubs.js';

const stored = (fields: Partial<StoredEvent>): StoredEvent => ({
  position: 1,
  streamId: 1,
  revision: 0,
  id: Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
  typeId: 1,
  flags: 1,
  createdMs: 1_790_000_000_000,
  data: Buffer.from('{}'),
  metadata: null,
  ...fields,
});
const named = (fields: Partial<StoredEvent> = {}) => ({
  event: stored(fields),
  stream: '构建-1',
  type: 'BuildRequested',
});
const decode = (bytes: Buffer) => streams.ReadResp.deserializeBinary(bytes).getEvent();

describe('an encoded event', () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 32, 2 ** 35, 2 ** 49, Number.MAX_SAFE_INTEGER])(
    'has its position and revision, here %d',
    (number) => {
      const read = decode(encodeReadEvent(named({ position: number, revision: number }), undefined));
      const record = read?.getEvent();
      expect(read?.getCommitPosition()).toBe(String(number));
      expect([record?.getStreamRevision(), record?.getCommitPosition(), record?.getPreparePosition()]).toEqual(
        Array.from({ length: 3 }, () => String(number)),
      );
    },
  );

  it.each([0, 1, 127, 128, 16_384, 100_000])('has its data and metadata, here of %d bytes', (length) => {
    const data = Buffer.alloc(length, 7);
    const record = decode(encodeReadEvent(named({ data, metadata: data }), undefined))?.getEvent();
    expect(Buffer.from(record?.getData_asU8() ?? [1]).equals(data)).toBe(true);
    expect(Buffer.from(record?.getCustomMetadata_asU8() ?? [1]).equals(data)).toBe(true);
  });

  it('has its names, id and properties', () => {
    const record = decode(encodeReadEvent(named(), undefined))?.getEvent();
    expect(Buffer.from(record?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('构建-1');
    expect(record?.getId()?.getString()).toBe('00112233-4455-6677-8899-aabbccddeeff');
    expect(Object.fromEntries(record?.getMetadataMap().toObject(false) ?? [])).toEqual({
      type: 'BuildRequested',
      created: '17900000000000000',
      'content-type': 'application/json',
    });
  });

  it('has the position of the link that led to it', () => {
    const read = decode(encodeReadEvent(named({ position: 3 }), named({ position: 900 })));
    expect([
      read?.getCommitPosition(),
      read?.getEvent()?.getCommitPosition(),
      read?.getLink()?.getCommitPosition(),
    ]).toEqual(['900', '3', '900']);
    expect(decode(encodeReadEvent(undefined, named()))?.hasEvent()).toBe(false);
  });
});
