import { NO_METADATA, isSoftDeleted, parseStreamMetadata, revivedMetadata } from './stream-metadata.js';

const parse = (text: string) => parseStreamMetadata(Buffer.from(text));

describe('stream metadata', () => {
  it('has limits, each absent or a whole number', () => {
    expect(parse('{"$tb":0,"$maxCount":1,"$maxAge":2}')).toEqual({ truncateBefore: 0, maxCount: 1, maxAgeSeconds: 2 });
    expect(parse('{"$tb":null,"other":true}')).toEqual(NO_METADATA);
  });

  it.each([
    '',
    '[]',
    'null',
    '7',
    '{',
    '{"$tb":-1}',
    '{"$maxCount":0}',
    '{"$maxAge":1.5}',
    '{"$tb":1,"$maxCount":"2"}',
  ])('counts as none when it is %s', (text) => expect(parse(text)).toEqual(NO_METADATA));

  it('marks a soft-deleted stream by the largest $tb', () => {
    expect(isSoftDeleted(parse('{"$tb":9223372036854775807}'))).toBe(true);
    expect(isSoftDeleted(parse('{"$tb":9007199254740990}'))).toBe(false);
    expect(isSoftDeleted(NO_METADATA)).toBe(false);
  });

  it('keeps everything but $tb when the stream comes back', () => {
    const revived = revivedMetadata(Buffer.from('{"$tb":9223372036854775807,"$maxCount":3,"owner":"ada"}'), 7);
    expect(JSON.parse(Buffer.from(revived).toString())).toEqual({ $tb: 7, $maxCount: 3, owner: 'ada' });
  });
});
