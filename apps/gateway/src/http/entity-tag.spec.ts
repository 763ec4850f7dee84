import { entityTag, ifMatch } from './entity-tag.js';

describe('If-Match', () => {
  it.each([
    [undefined, null],
    ['*', null],
    [entityTag('3-1'), ['3-1']],
    ['"3-1", "3-2"', ['3-1', '3-2']],
    ['"3-1",W/"3-2" , "x"', ['3-1', 'x']],
    ['W/"3-1"', []],
    ['""', ['']],
  ] as const)('%j names %j', (header, revisions) => expect(ifMatch(header)).toEqual(revisions));

  it.each(['3-1', '"3-1', '', '"a" "b"', '"a",', '*, "a"', 'w/"a"'])('is malformed as %j', (header) =>
    expect(() => ifMatch(header)).toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' })),
  );

  it('is read in time that grows with its length', () => {
    const long = `${'"a" , '.repeat(2_000)}x`;
    expect(() => ifMatch(long)).toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' }));
  });
});
