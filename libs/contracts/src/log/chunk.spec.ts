import { decodeLogChunk, encodeLogChunk, summarizeLogChunk } from './chunk.js';
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
  ])('is refused: %s', (_, bytes) => expect(() => summarizeLogChunk(bytes)).toThrow());
});
