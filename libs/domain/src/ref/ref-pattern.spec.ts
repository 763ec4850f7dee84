import fc from 'fast-check';
import { refPattern } from './ref-pattern.js';

const caught = (value: string, ref: string) => refPattern(value)?.match(ref);
const part = fc.stringMatching(/^[A-Za-z0-9_.+()-]{1,12}$/);
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('a name', () => {
  it('stands for itself alone, whatever its characters mean elsewhere', () =>
    fc.assert(
      fc.property(path, path, (name, other) => {
        expect(caught(name, name)).toEqual([]);
        expect(caught(name, other)).toEqual(name === other ? [] : undefined);
      }),
    ));
});

describe('a glob', () => {
  it('catches a part of a path with a star', () => {
    expect(caught('release/*', 'release/1.2')).toEqual(['1.2']);
    expect(caught('release/*', 'release/1/2')).toBeUndefined();
    expect(caught('*/v*', 'eu/v1')).toEqual(['eu', '1']);
    expect(caught('release/*', 'my/release/1')).toBeUndefined();
  });

  it('catches a path with two stars, and one character with a question mark', () => {
    expect(caught('feature/**', 'feature/a/b')).toEqual(['a/b']);
    expect(caught('v?', 'v1')).toEqual([]);
    expect(caught('v?', 'v/')).toBeUndefined();
    expect(caught('v?', 'v12')).toBeUndefined();
  });

  it('takes everything but its wildcards literally', () =>
    fc.assert(
      fc.property(path, part, (prefix, rest) => {
        expect(caught(`${prefix}/*`, `${prefix}/${rest}`)).toEqual([rest]);
        expect(caught(`${prefix}/*`, `${prefix}x${rest}`)).toBeUndefined();
      }),
    ));

  it.each(['release/[0-9]*', 'a\\*'])('%s is none, since it would mean something else than it seems to', (value) =>
    expect(refPattern(value)).toBeUndefined(),
  );
});

describe('a regular expression', () => {
  it('is searched for, and catches its groups', () => {
    expect(caught('/^v(\\d+)\\.(\\d+)$/', 'v12.4')).toEqual(['12', '4']);
    expect(caught('/^v(\\d+)\\.(\\d+)$/', 'xv12.4')).toBeUndefined();
    expect(caught('/fix/', 'feature/fix-it')).toEqual([]);
    expect(caught('/^(a)|(b)$/', 'b')).toEqual(['', 'b']);
  });

  it.each(['/', '//', '/(/', '/[/', '/(?=a)b/', '/(a)\\1/', '/a', '/a{1000}/', '/(a{90}){90}/', '/((a{20}){20}){20}/'])(
    '%s is refused',
    (value) => expect(refPattern(value)).toBeUndefined(),
  );

  it.each(['/^(a+)+$/', '/^(a|aa)+$/', '/^(.*)*b$/', '/(?:\\pL{31}){31}/'])(
    '%s ends at once where backtracking would not',
    (value) => {
      const begun = performance.now();
      expect(caught(value, `${'a'.repeat(250)}!`)).toEqual(caught(value, `${'a'.repeat(250)}!`));
      expect(performance.now() - begun).toBeLessThan(1_000);
    },
  );

  it('is a pattern or none, and never a failure', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z()[\]{}|*+?.\\^$,0-9]{1,60}$/), path, (expression, ref) => {
        refPattern(`/${expression}/`)?.match(ref);
      }),
      { numRuns: 2_000 },
    ));
});
