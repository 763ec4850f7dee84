import fc from 'fast-check';
import type { LogLine } from '@slipway/contracts';
import { LogLimiter, type LogLimits } from './log-limiter.js';

const lineOf = (message: string, time = 0): LogLine => ({ time, level: 'INFO', message });

function run(limits: LogLimits, lines: readonly LogLine[]): readonly LogLine[] {
  const limiter = new LogLimiter(limits);
  return [...lines.flatMap((line) => limiter.accept(line)), ...limiter.end()];
}

describe('LogLimiter', () => {
  it('passes a log within the limit unchanged', () => {
    const lines = Array.from({ length: 10 }, (_, n) => lineOf(`line ${n}`)); // 7 bytes each with its end
    expect(run({ maxBytes: 70, tailBytes: 35 }, lines)).toEqual(lines);
  });

  it('keeps head and tail, and says between them what was left out', () => {
    const lines = Array.from({ length: 100 }, (_, n) => lineOf(`line ${String(n).padStart(2, '0')}`, n)); // 8 bytes each
    expect(run({ maxBytes: 48, tailBytes: 24 }, lines)).toEqual([
      ...lines.slice(0, 3),
      { time: 96, level: 'WARNING', message: 'The log is too large: 94 lines (752 bytes) are left out here.' },
      ...lines.slice(97),
    ]);
  });

  it('passes head lines at once', () => {
    const limiter = new LogLimiter({ maxBytes: 20, tailBytes: 10 });
    expect(limiter.accept(lineOf('head'))).toEqual([lineOf('head')]);
    expect(limiter.accept(lineOf('too large for the head'))).toEqual([]);
    expect(limiter.accept(lineOf('x'))).toEqual([]); // would fit, but order comes first
  });

  it('counts bytes as UTF-8', () => {
    const [, warning] = run({ maxBytes: 4, tailBytes: 2 }, [lineOf('a'), lineOf('构'), lineOf('b')]);
    expect(warning?.message).toBe('The log is too large: 1 lines (4 bytes) are left out here.');
  });

  it('bounds the lines of a tail of empty lines', () => {
    const out = run(
      { maxBytes: 100_000, tailBytes: 50_000 },
      Array.from({ length: 200_000 }, () => lineOf('')),
    );
    expect(out).toHaveLength(50_000 + 1 + 20_000);
    expect(out[50_000]?.message).toBe('The log is too large: 130000 lines (130000 bytes) are left out here.');
  });

  it('accounts for every line and byte, whatever the log', () => {
    const messages = fc.array(fc.string({ maxLength: 30 }), { maxLength: 200 });
    fc.assert(
      fc.property(
        messages,
        fc.integer({ min: 2, max: 2_000 }),
        fc.integer({ min: 1, max: 500 }),
        (texts, maxBytes, tail) => {
          const lines = texts.map((text, index) => lineOf(text, index));
          const out = run({ maxBytes, tailBytes: tail }, lines);
          const gap = out.findIndex(({ level }) => level === 'WARNING');
          if (gap < 0) return expect(out).toEqual(lines);
          const tailLength = out.length - gap - 1;
          const left = lines.slice(gap, lines.length - tailLength);
          const bytes = left.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 1, 0);
          expect(out[gap]?.message).toBe(
            `The log is too large: ${left.length} lines (${bytes} bytes) are left out here.`,
          );
          expect(out.toSpliced(gap, 1)).toEqual([...lines.slice(0, gap), ...lines.slice(lines.length - tailLength)]);
          const kept = out.toSpliced(gap, 1).reduce((sum, { message }) => sum + Buffer.byteLength(message) + 1, 0);
          expect(kept).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });
});
