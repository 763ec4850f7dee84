import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import type { LogLine } from '@slipway/contracts';
import { LogBuffer, type LogChunk } from './log-buffer.js';

const lineOf = (message: string): LogLine => ({ time: 0, level: 'INFO', message });
const linesOf = (count: number, message = 'text'): readonly LogLine[] =>
  Array.from({ length: count }, (_, n) => lineOf(`${message} ${n}`));

/** A publisher whose deliveries end when the test says so. */
function gatedPublisher() {
  const chunks: LogChunk[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  return {
    chunks,
    publish: (chunk: LogChunk): Promise<void> => {
      const gate = Promise.withResolvers<void>();
      chunks.push(chunk);
      gates.push(gate);
      return gate.promise;
    },
    release: () => gates.shift()?.resolve(),
    fail: (error: Error) => gates.shift()?.reject(error),
  };
}

/** True when the promise settles within a few turns of the event loop. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  for (let turns = 0; turns < 5; turns++) await turn();
  return settled;
}

describe('LogBuffer', () => {
  it('publishes a few lines together, soon after the first', async () => {
    const delivered = Promise.withResolvers<LogChunk>();
    const buffer = new LogBuffer(async (chunk) => delivered.resolve(chunk));
    await buffer.write(linesOf(2));
    await buffer.write(linesOf(1, 'more'));
    expect(await delivered.promise).toEqual({ firstLine: 1, lines: [...linesOf(2), ...linesOf(1, 'more')] });
  });

  it('publishes 100 lines at once', async () => {
    const publisher = gatedPublisher();
    await new LogBuffer(publisher.publish).write(linesOf(100));
    expect(publisher.chunks.map(({ lines }) => lines.length)).toEqual([100]);
  });

  it('publishes 64 KiB at once', async () => {
    const publisher = gatedPublisher();
    await new LogBuffer(publisher.publish).write([lineOf('x'.repeat(65_536))]);
    expect(publisher.chunks).toHaveLength(1);
  });

  it('gathers lines while a chunk is on its way, one at a time', async () => {
    const publisher = gatedPublisher();
    const buffer = new LogBuffer(publisher.publish);
    await buffer.write(linesOf(100));
    await buffer.write(linesOf(500));
    expect(publisher.chunks).toHaveLength(1);
    publisher.release();
    await turn();
    expect(publisher.chunks.map(({ firstLine, lines }) => [firstLine, lines.length])).toEqual([
      [1, 100],
      [101, 500],
    ]);
  });

  it('holds the producer back at 512 KiB, until there is room', async () => {
    const publisher = gatedPublisher();
    const buffer = new LogBuffer(publisher.publish);
    await buffer.write([lineOf('x'.repeat(65_536))]);
    await buffer.write(Array.from({ length: 7 }, () => lineOf('x'.repeat(65_536))));
    const held = buffer.write([lineOf('y'.repeat(65_536))]);
    const behind = buffer.write([lineOf('z')]);
    expect(await settles(held)).toBe(false);
    publisher.release();
    await Promise.all([held, behind]);
    publisher.release();
    await turn();
    expect(publisher.chunks.map(({ lines }) => lines.map(({ message }) => message[0]).join(''))).toEqual([
      'x',
      'xxxxxxx',
      'yz',
    ]);
  });

  it('holds the producer back when there are too many empty lines', async () => {
    const publisher = gatedPublisher();
    const buffer = new LogBuffer(publisher.publish);
    expect(await settles(buffer.write(Array.from({ length: 20_000 }, () => lineOf(''))))).toBe(false);
  });

  it('has published everything when flush resolves', async () => {
    const publisher = gatedPublisher();
    const buffer = new LogBuffer(publisher.publish);
    const written = buffer.write(linesOf(150));
    const flushed = buffer.flush();
    expect(await settles(flushed)).toBe(false);
    publisher.release();
    expect(await settles(flushed)).toBe(false);
    publisher.release();
    await Promise.all([written, flushed]);
    expect(buffer.sentLines).toBe(150);
  });

  it('flushes nothing without a word to the publisher', async () => {
    const publisher = gatedPublisher();
    await new LogBuffer(publisher.publish).flush();
    expect(publisher.chunks).toEqual([]);
  });

  it('gives the failure of the publisher to every later call, and publishes nothing more', async () => {
    const publisher = gatedPublisher();
    const buffer = new LogBuffer(publisher.publish);
    await buffer.write(linesOf(200));
    publisher.fail(new Error('gone'));
    await turn();
    await expect(buffer.write(linesOf(1))).rejects.toThrow('gone');
    await expect(buffer.flush()).rejects.toThrow('gone');
    expect(publisher.chunks).toHaveLength(1);
  });

  it('wakes a producer that is held back when the publisher fails', async () => {
    const publisher = gatedPublisher();
    const held = new LogBuffer(publisher.publish).write(linesOf(20_000));
    await turn();
    publisher.fail(new Error('gone'));
    await expect(held).rejects.toThrow('gone');
  });

  it('keeps order, numbers and bounds for any producer and publisher', async () => {
    const batches = fc.array(fc.array(fc.nat({ max: 40_000 }), { maxLength: 60 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fc.nat({ max: 3 }), { minLength: 1 }), async (sizes, delays) => {
        const published: LogLine[] = [];
        let inFlight = 0;
        const buffer = new LogBuffer(async ({ firstLine, lines }) => {
          expect(++inFlight).toBe(1);
          expect(firstLine).toBe(published.length + 1);
          expect(lines.reduce((sum, { message }) => sum + message.length, 0)).toBeLessThanOrEqual(524_288);
          published.push(...lines);
          for (let delay = delays[published.length % delays.length] ?? 0; delay > 0; delay--) await turn();
          inFlight -= 1;
        });
        const written = sizes.map((batch) => batch.map((size, index) => lineOf(`${index}`.padEnd(size, '.'))));
        await Promise.all(written.map((lines) => buffer.write(lines)));
        await buffer.flush();
        expect(published).toEqual(written.flat());
      }),
      { numRuns: 40 },
    );
  });
});
