import { decodeLogChunk, encodeLogChunk, MAX_LINE_BYTES, summarizeLogChunk } from './chunk.js';
import type { LogLine } from './line.js';

const line = (time: number, message = ''): LogLine => ({ time, level: 'WARNING', message });

describe('a log chunk', () => {
  it('gives back what was put in', () => {
    const lines = [
      line(1, 'plain'),
      line(2, 'tab\tand "quotes" and \u001b[31mred\u001b[0m'),
      line(3, ''),
      line(4, '漢字'),
    ];
    expect(decodeLogChunk(encodeLogChunk(lines))).toEqual(lines);
  });

  it('may hold lines as long as secrets that were masked make them', () =>
    expect(summarizeLogChunk(encodeLogChunk([line(1, '*'.repeat(MAX_LINE_BYTES))])).lines).toBe(1));

  it('tells its earliest and latest time, also when lines came out of order', () =>
    expect(summarizeLogChunk(encodeLogChunk([5, 9, 2].map((time) => line(time))))).toEqual({
      lines: 3,
      firstTime: 2,
      lastTime: 9,
    }));

  it.each([
    ['bytes that are no chunk', new Uint8Array([1, 2, 3])],
    ['a chunk without a line', encodeLogChunk([])],
    ['a line without a time', encodeLogChunk([line(Number.NaN)])],
    ['a line without a text', encodeLogChunk([{ ...line(1), message: 7 as unknown as string }])],
    ['a line that is too long', encodeLogChunk([line(1, 'x'.repeat(MAX_LINE_BYTES + 1))])],
  ])('is refused: %s', (_, bytes) => expect(() => summarizeLogChunk(bytes)).toThrow());
});
