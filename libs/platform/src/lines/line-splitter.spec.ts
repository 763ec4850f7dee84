import fc from 'fast-check';
import { LineSplitter, MAX_MESSAGE_BYTES } from './line-splitter.js';

const split = (input: string | Uint8Array): readonly string[] => {
  const splitter = new LineSplitter();
  return [...splitter.push(typeof input === 'string' ? Buffer.from(input) : input), ...splitter.end()];
};

function splitInPieces(bytes: Uint8Array, sizes: readonly number[]): readonly string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    lines.push(...splitter.push(chunk));
    chunk.fill(0x58); // the producer uses its buffer again
    at += size;
  }
  return [...lines, ...splitter.end()];
}

/** Bytes that matter to the splitter, far more often than chance would bring them. */
const hostileBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\0',
        '\t',
        '\b',
        '\x07',
        'é',
        '构',
        '🚢',
        '\u009b',
        '\x1b',
        '\x1b[31m',
        '\x1b[2K',
      ),
      fc.constantFrom('\x1b]0;title\x07', '\x1b[', 'a', 'line of text', ' '),
      fc.uint8Array({ maxLength: 6 }),
      fc.constantFrom(0xe2, 0xf0, 0x9f, 0x80, 0xc3, 0xff).map((byte) => Uint8Array.of(byte)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))));
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 });

describe('LineSplitter', () => {
  it('gives the same lines, however the bytes are cut', () =>
    fc.assert(
      fc.property(hostileBytes, sizes, (bytes, cuts) => expect(splitInPieces(bytes, cuts)).toEqual(split(bytes))),
    ));

  it('gives the same pieces of long lines, however the bytes are cut', () => {
    const bulk = fc.tuple(hostileBytes, fc.integer({ min: 1, max: 60_000 })).map(([unit, bytes]) => {
      const times = Math.ceil(bytes / Math.max(1, unit.length)) * 3;
      return Buffer.from(Buffer.concat(Array.from({ length: times }, () => unit)).filter((byte) => byte !== 0x0a));
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(bulk, cuts, (bytes, cut) => {
        const lines = split(bytes);
        expect(splitInPieces(bytes, cut)).toEqual(lines);
        expect(Math.max(0, ...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      }),
      { numRuns: 30 },
    );
  });

  it('loses nothing of plain text', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[\x00-\x1f\x7f-\x9f]|\p{Cs}/u.test(text)); // oxlint-disable-line no-control-regex
    fc.assert(
      fc.property(fc.array(plain), fc.constantFrom('\n', '\r\n'), (lines, end) =>
        expect(split(lines.map((line) => line + end).join(''))).toEqual(lines),
      ),
    );
  });

  it('ends a line at \\n and \\r\\n, and makes a line of what the stream ends with', () =>
    expect(split('a\nb\r\n\n\r\nc')).toEqual(['a', 'b', '', '', 'c']));

  it('makes no line of an empty stream', () => expect(split('')).toEqual([]));

  it('hands a line over as soon as its end is there', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('one\ntw'))).toEqual(['one']);
    expect(splitter.push(Buffer.from('o'))).toEqual([]);
    expect(splitter.push(Buffer.from('\n'))).toEqual(['two']);
    expect(splitter.end()).toEqual([]);
  });

  it('keeps the last state of a line that a lone \\r rewrites', () => {
    expect(split('10%\r50%\r100%\ndone\n')).toEqual(['100%', 'done']);
    expect(split('10%\r50%\r\n')).toEqual(['50%']);
    expect(split('10%\r50%\r')).toEqual(['50%']);
    expect(split('old mac\r\r\nnext')).toEqual(['old mac', 'next']);
    expect(split('a\nb\r')).toEqual(['a', 'b']);
  });

  it('cuts a line of 5 MB into numbered pieces of at most 64 KiB, with nothing lost', () => {
    const text = 'ünïcödé 🚢 '.repeat(300_000);
    const pieces = split(`${text}\nnext\n`);
    expect(pieces.at(-1)).toBe('next');
    const parts = pieces.slice(0, -1);
    expect(parts.length).toBeGreaterThan(70);
    const bodies = parts.map((piece, index) => {
      const label = `[part ${index + 1}${index === parts.length - 1 ? ', last' : ''}] `;
      expect(piece.startsWith(label)).toBe(true);
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      return piece.slice(label.length);
    });
    expect(bodies.join('')).toBe(text);
  });

  it('leaves a line whole up to the last byte that fits', () => {
    const longest = 'x'.repeat(MAX_MESSAGE_BYTES - 32);
    expect(split(`${longest}\r\n`)).toEqual([longest]);
    expect(split(`${longest}y\n`)).toEqual([`[part 1] ${longest}`, '[part 2, last] y']);
  });

  it('rewrites only the unfinished piece of a long line', () => {
    const longest = 'x'.repeat(MAX_MESSAGE_BYTES - 32);
    expect(split(`${longest}old\rnew\n`)).toEqual([`[part 1] ${longest}`, '[part 2, last] new']);
    expect(split(`${longest}old\r\n`)).toEqual([`[part 1] ${longest}`, '[part 2, last] old']);
  });

  it('keeps binary output below 64 KiB a line although U+FFFD takes more room', () => {
    const lines = split(new Uint8Array(200_000).fill(0xff));
    expect(lines.every((line) => Buffer.byteLength(line) <= MAX_MESSAGE_BYTES)).toBe(true);
    expect(lines.join('').match(/\ufffd/g)).toHaveLength(200_000);
  });

  it('replaces what is not UTF-8 and control characters', () =>
    expect(split(Buffer.from([0x61, 0xff, 0x62, 0x00, 0x63, 0x7f, 0xe2, 0x82]))).toEqual([
      'a\ufffdb\ufffdc\ufffd\ufffd',
    ]));

  it('keeps colour and tabs, and takes other terminal control out', () => {
    expect(split('\x1b[1;31mred\x1b[0m\tplain\n')).toEqual(['\x1b[1;31mred\x1b[0m\tplain']);
    expect(split('\x1b[2K\x1b[1Gdone.\x1b[K\n')).toEqual(['done.']);
    expect(split('\x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x1b(Btext\x1b7\x1b[?25l\b\x07\n')).toEqual([
      'link text',
    ]);
    expect(split('a\x1b')).toEqual(['a']);
  });
});
