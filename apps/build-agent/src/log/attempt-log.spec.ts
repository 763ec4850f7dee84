import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { encodeLogChunk, type LogLine } from '@slipway/contracts';
import { AttemptLog, type AttemptLogOptions } from './attempt-log.js';

function openLog(options: Partial<AttemptLogOptions> = {}) {
  const lines: LogLine[] = [];
  const log = new AttemptLog({ publish: async (chunk) => void lines.push(...chunk.lines), now: () => 7, ...options });
  return { log, lines, texts: () => lines.map(({ message }) => message) };
}

describe('AttemptLog', () => {
  it('makes lines of a stream, with time and level', async () => {
    const { log, lines } = openLog();
    const stream = log.stream('ERROR');
    await stream.write(Buffer.from('a\nb'));
    await stream.end();
    expect(await log.close()).toBe(2);
    expect(lines).toEqual([
      { time: 7, level: 'ERROR', message: 'a' },
      { time: 7, level: 'ERROR', message: 'b' },
    ]);
  });

  it('keeps the parts of two streams apart', async () => {
    const { log, texts } = openLog();
    const [out, err] = [log.stream(), log.stream()];
    await out.write(Buffer.from('from o'));
    await err.write(Buffer.from('from err\n'));
    await out.write(Buffer.from('ut\n'));
    await log.close();
    expect(texts()).toEqual(['from err', 'from out']);
  });

  it('ends what is still open when it closes', async () => {
    const { log, texts } = openLog();
    await log.stream().write(Buffer.from('no line end'));
    expect(await log.close()).toBe(1);
    expect(texts()).toEqual(['no line end']);
  });

  it('keeps to the same rules for lines of its own', async () => {
    const { log, texts } = openLog();
    await log.line('two\nlines');
    await log.line('');
    await log.line('nul \0');
    await log.close();
    expect(texts()).toEqual(['two', 'lines', '', 'nul \ufffd']);
  });

  it('masks every line before it leaves', async () => {
    const { log, texts } = openLog({ mask: { stream: () => (text) => text.replaceAll('hunter2', '***') } });
    const stream = log.stream();
    await stream.write(Buffer.from('password hun'));
    await stream.write(Buffer.from('ter2\n'));
    await log.line('again hunter2');
    await log.close();
    expect(texts()).toEqual(['password ***', 'again ***']);
  });

  it('limits all streams together', async () => {
    const { log, texts } = openLog({ limits: { maxBytes: 8, tailBytes: 4 } });
    const stream = log.stream();
    for (const text of ['aaa\n', 'bbb\n', 'ccc\n']) await stream.write(Buffer.from(text));
    expect(await log.close()).toBe(3);
    expect(texts()).toEqual(['aaa', 'The log is too large: 1 lines (4 bytes) are left out here.', 'ccc']);
  });

  it('makes lines and chunks that fit of a line of 10 MB, and loses nothing of it', async () => {
    const sizes: number[] = [];
    const parts: string[] = [];
    const log = new AttemptLog({
      publish: async ({ lines }) => {
        sizes.push(encodeLogChunk(lines).byteLength);
        parts.push(...lines.map(({ message }) => message));
      },
    });
    const line = randomBytes(7_500_000).toString('base64'); // hardly to be compressed
    const stream = log.stream();
    for (let start = 0; start < line.length; start += 65_536)
      await stream.write(Buffer.from(line.slice(start, start + 65_536)));
    await stream.write(Buffer.from('\n'));
    expect(await log.close()).toBe(parts.length);
    expect(Math.max(...sizes)).toBeLessThan(1_048_576 / 2 + 65_536); // half of what NATS takes, and a line
    expect(parts.map((part) => part.replace(/^\[part \d+(, last)?\] /, '')).join('')).toBe(line);
  });

  it('refuses lines after its end', async () => {
    const { log } = openLog();
    await log.close();
    await expect(log.line('late')).rejects.toThrow('the log is closed');
  });

  it('passes the failure of the publisher on', async () => {
    const { log } = openLog({ publish: () => Promise.reject(new Error('gone')) });
    await log.line('text');
    await expect(log.close()).rejects.toThrow('gone');
  });

  it('brings every line of every stream through, each stream in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(99), { maxLength: 50 }), { minLength: 1, maxLength: 4 }),
        async (streams) => {
          const { log, texts } = openLog();
          await Promise.all(
            streams.map(async (numbers, id) => {
              const stream = log.stream();
              for (const number of numbers) await stream.write(Buffer.from(`${id}:${number}\n`));
            }),
          );
          expect(await log.close()).toBe(streams.flat().length);
          streams.forEach((numbers, id) =>
            expect(texts().filter((text) => text.startsWith(`${id}:`))).toEqual(
              numbers.map((number) => `${id}:${number}`),
            ),
          );
        },
      ),
    ));
});
