import fc from 'fast-check';
import { AttemptLog } from '../log/index.js';
import { SecretMask } from './secret-mask.js';
import { spellingsOf } from './spellings.js';

const maskOf = (...secrets: string[]): SecretMask => {
  const mask = new SecretMask();
  mask.add(secrets);
  return mask;
};
const maskLines = (secret: string, ...lines: string[]): string[] => lines.map(maskOf(secret).stream());
const base64 = (...parts: (string | Uint8Array)[]): string =>
  Buffer.concat(parts.map((part) => Buffer.from(part))).toString('base64');
const wrapped = (text: string, width: number): string => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');

/** Long enough to be masked, and of characters that the text around it does not have. */
const secrets = fc
  .string({ unit: fc.constantFrom(...Array.from('abcXYZ019 /+%"\\\'$üß€')), minLength: 6, maxLength: 60 })
  .filter(
    (text) => Buffer.byteLength(text.trim()) >= 6 && new Set(text.trim()).size > 3, // not the mask itself
  );
const around = fc.string({ unit: fc.constantFrom(...Array.from('.,;:#~|')), maxLength: 20 });

/** What leaves an agent of a text that is written in pieces, cut anywhere. */
async function logged(mask: SecretMask, text: string, cuts: readonly number[]): Promise<string> {
  const lines: string[] = [];
  const publish = async (chunk: { lines: readonly { message: string }[] }): Promise<void> =>
    void lines.push(...chunk.lines.map(({ message }) => message));
  const log = new AttemptLog({ publish, mask });
  const stream = log.stream();
  const bytes = Buffer.from(text);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [index, end] of [...ends, bytes.length].entries())
    await stream.write(bytes.subarray(ends[index - 1] ?? 0, end));
  await log.close();
  return lines.join('\n');
}

describe('a secret in a log', () => {
  it('is masked in every spelling, wherever the pieces are cut', () =>
    fc.assert(
      fc.asyncProperty(secrets, around, fc.array(fc.nat()), async (secret, text, cuts) => {
        const mask = maskOf(secret);
        for (const spelling of spellingsOf(secret)) {
          const shown = await logged(mask, `${text}${spelling}${text}`, cuts);
          expect(shown).toBe(`${text}***${text}`);
        }
      }),
      { numRuns: 20 },
    ));

  it('is masked in base64 of something that it is a part of, padded or not, for URLs or not, in lines of any width', () =>
    fc.assert(
      fc.asyncProperty(
        secrets,
        fc.uint8Array({ maxLength: 7 }),
        fc.uint8Array({ maxLength: 7 }),
        fc.integer({ min: 20, max: 80 }),
        async (secret, before, after, width) => {
          const encoded = base64(before, secret.trim(), after);
          for (const text of [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')]) {
            const shown = (await logged(maskOf(secret), wrapped(text, width), [])).replaceAll('\n', '');
            const decoded = Buffer.from(shown.replace(/\*+/g, ''), 'base64').toString('latin1');
            expect(shown).toContain('***');
            expect(decoded).not.toContain(Buffer.from(secret.trim()).toString('latin1'));
          }
        },
      ),
      { numRuns: 40 },
    ));

  it('leaves everything else as it is', () =>
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.string({ unit: fc.constantFrom(...Array.from('.,;:#~|é ')) })),
        (secret, lines) => {
          expect(maskLines(secret, ...lines)).toEqual(lines);
        },
      ),
    ));

  it('is found line by line when it has several, and whole when its lines stand in one', () => {
    const key = '-----BEGIN KEY-----\nfirst line\nsecond\n-----END KEY-----\n';
    expect(maskLines(key, '-----BEGIN KEY-----', 'first line', 'second', '-----END KEY-----', 'after')).toEqual([
      '***',
      '***',
      '***',
      '***',
      'after',
    ]);
    expect(maskLines(key, 'only: first line!', `{"key":"${JSON.stringify(key.trim()).slice(1, -1)}"}`)).toEqual([
      'only: ***!',
      '{"key":"***"}',
    ]);
  });

  it('is found when it is printed one character a line, but for the first few', () =>
    expect(maskLines('hunter2hunter3', ...Array.from('hunter2hunter3')).join('')).toBe(`hunte${'***'.repeat(9)}`));

  it('is looked for through colours, and over the pieces of a long line', () => {
    expect(maskLines('hunter2', 'a hun\u001B[31mter\u001B[0m2 b')).toEqual(['a *** b']);
    expect(maskLines('hunter2hunter3', '[part 1] a hunter2', '[part 2, last] hunter3 b')).toEqual([
      '[part 1] a ***',
      '[part 2, last] *** b',
    ]);
  });

  it('is masked as far as it goes where a line ends with the beginning of it', () => {
    expect(maskLines('hunter2hunter3', 'a hunter2', 'other')).toEqual(['a ***', 'other']);
    expect(maskLines('hunter2hunter3', 'a hunte', 'other')).toEqual(['a hunte', 'other']);
  });

  it('with fewer than six bytes is not masked: it would hide the log, not the value', () => {
    expect(maskLines('true', 'it is true', base64('true'))).toEqual(['it is true', base64('true')]);
    expect(maskLines('  true\n\n\n', 'it is true')).toEqual(['it is true']);
    expect(maskLines('trueue', 'it is trueue')).toEqual(['it is ***']);
  });

  it('that is added later is masked from the next line on, in streams that are open', () => {
    const mask = new SecretMask();
    const stream = mask.stream();
    expect(stream('hunter2')).toBe('hunter2');
    mask.add(['hunter2']);
    expect([stream('hunter2'), mask.text('a\nhunter2\nb')]).toEqual(['***', 'a\n***\nb']);
  });

  it('costs the same for a text that nearly matches everywhere as for any other', () => {
    const secret = `${'a'.repeat(32_000)}b`;
    const line = 'a'.repeat(60_000); // every byte of it is the middle of 32,000 beginnings
    const took = (text: string): number => {
      const stream = maskOf(secret).stream();
      const started = process.cpuUsage();
      for (let count = 0; count < 50; count++) stream(text);
      return process.cpuUsage(started).user;
    };
    took(line); // compiled by now
    expect(took(line)).toBeLessThan(20 * Math.max(took('.'.repeat(60_000)), 1_000)); // µs; by comparison of each: 32,000 times
  });

  it('may be as large as all secrets of a build together', () => {
    const random = (seed: number): string =>
      Array.from({ length: 8_000 }, (_, n) => ((n * seed * 7_919) % 1_679_616).toString(36))
        .join('')
        .slice(0, 32_000);
    const many = Array.from({ length: 6 }, (_, index) => random(index + 3));
    const mask = maskOf(...many);
    for (const secret of many) expect(mask.text(`a ${secret} b`)).toBe('a *** b');
  }, 60_000);
});
