import { createRequire } from 'node:module';
import fc from 'fast-check';
import { IgnoreRules, matchSegment } from './ignore-rules.js';

interface Reference {
  add(text: string): Reference;
  ignores(path: string): boolean;
}
/** The npm package of the same purpose: right for plain patterns, and so a second opinion. */
const reference = createRequire(import.meta.url)('@balena/dockerignore') as (options: object) => Reference;

const excluded = (text: string, ...paths: string[]): string[] => {
  const rules = IgnoreRules.parse(text);
  return paths.filter((path) => rules.excludes(path));
};

describe('.dockerignore', () => {
  it('excludes a path and everything below it', () => {
    expect(excluded('node_modules\n', 'node_modules', 'node_modules/a/b', 'src/node_modules', 'node_modules2')).toEqual(
      ['node_modules', 'node_modules/a/b'],
    );
  });

  it('takes an exclusion back by a later rule, and excludes again by one after that', () => {
    const text = '*.md\n!README*.md\nREADME-secret.md';
    expect(excluded(text, 'a.md', 'README.md', 'README-secret.md')).toEqual(['a.md', 'README-secret.md']);
  });

  it('keeps one file of an excluded folder', () => {
    const rules = IgnoreRules.parse('vendor\n!vendor/keep.txt');
    expect([rules.excludes('vendor/x'), rules.excludes('vendor/keep.txt')]).toEqual([true, false]);
    expect(rules.mayKeepBelow('vendor')).toBe(true);
    expect(IgnoreRules.parse('vendor').mayKeepBelow('vendor')).toBe(false);
  });

  it('reads ** as any depth, * and ? within one name', () => {
    expect(excluded('**/*.log', 'a.log', 'x/y/a.log', 'a.logs')).toEqual(['a.log', 'x/y/a.log']);
    expect(excluded('a/**/z', 'a/z', 'a/b/c/z', 'b/z')).toEqual(['a/z', 'a/b/c/z']);
    expect(excluded('a/**', 'a', 'a/b', 'a/b/c')).toEqual(['a/b', 'a/b/c']);
    expect(excluded('*/temp?', 'x/temp1', 'x/temp', 'temp1', 'x/y/temp1')).toEqual(['x/temp1']);
  });

  it('skips comments, empty lines, a byte order mark, leading slashes, ./ and trailing slashes', () => {
    expect(excluded('\uFEFF/build/\r\n# src\n\n  ./tmp/  \n!\n', 'build/x', 'src', 'tmp', '# src')).toEqual([
      'build/x',
      'tmp',
    ]);
  });

  it('takes characters literally that mean something elsewhere', () => {
    expect(excluded('c++\n(a|b)\nx.y\n{z}', 'c++', 'a', '(a|b)', 'xzy', 'x.y', '{z}')).toEqual([
      'c++',
      '(a|b)',
      'x.y',
      '{z}',
    ]);
    expect(excluded('constructor', 'constructor', 'toString')).toEqual(['constructor']);
  });

  it('knows character classes and escapes of one segment', () => {
    const cases: [string, string, boolean][] = [
      ['[a-c]x', 'bx', true],
      ['[^a-c]x', 'bx', false],
      ['[^a-c]x', 'dx', true],
      ['[]a]', ']', true],
      ['\\*', '*', true],
      ['\\*', 'a', false],
      ['[a\\-c]', 'b', false],
      ['[a\\-c]', '-', true],
      ['[a', '[a', false],
      ['*', '', true],
      ['a*b*c', 'aXbYbZc', true],
      ['日?', '日本', true],
    ];
    expect(cases.map(([pattern, name]) => matchSegment(pattern, name))).toEqual(
      cases.map(([, , expected]) => expected),
    );
  });

  it('answers hostile patterns at once', () => {
    const path = `${'a'.repeat(200)}/`.repeat(20) + 'c';
    const rules = IgnoreRules.parse([`${'*a'.repeat(100)}b`, `${'**/a*/'.repeat(50)}b`, '(a+)+b'].join('\n'));
    expect(rules.excludes(path)).toBe(false);
  });

  it('agrees with the reference on plain patterns', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'a.txt', 'b.txt', '.c');
    const segment = fc.oneof(name, fc.constantFrom('*', '**', 'a*', '*.txt', '?', '*b'));
    const rule = fc
      .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 4 }))
      .map(([takesBack, segments]) => `${takesBack ? '!' : ''}${segments.join('/')}`)
      // The reference takes `x**` at a pattern's end for any text, and `**/**` differently from Docker.
      .filter((text) => !text.includes('**/**') && !text.endsWith('**'));
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), path, (lines, file) => {
        const text = lines.join('\n');
        expect(IgnoreRules.parse(text).excludes(file)).toBe(reference({ ignorecase: false }).add(text).ignores(file));
      }),
      { numRuns: 2_000 },
    );
  });
});
