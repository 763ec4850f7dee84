import fc from 'fast-check';
import { imageTagOf, lastGroupIn } from './image-tag.js';

const tagOf = (template: string, refName: string, ...groups: string[]) => imageTagOf(template, { refName, groups });

describe('the image tag of a ref', () => {
  it('is the template with the ref and what was caught put in', () => {
    expect(tagOf('latest', 'main')).toBe('latest');
    expect(tagOf('{sourceref}', 'v1.2')).toBe('v1.2');
    expect(tagOf('rel-{2}.{1}', 'x', 'a', 'b')).toBe('rel-b.a');
    expect(tagOf('v{9}', 'x', 'a')).toBe('v');
  });

  it('has a dash for what no tag may hold', () => {
    expect(tagOf('{sourceref}', 'feature/login')).toBe('feature-login');
    expect(tagOf('{1}', 'x', 'a+b@é')).toBe('a-b--');
  });

  it.each([
    ['{sourceref}', '.hidden'],
    ['{sourceref}', 'é'],
    ['{1}', 'main'],
    ['x{sourceref}', 'a'.repeat(128)],
  ])('%s of %s is none', (template, refName) => expect(tagOf(template, refName)).toBeUndefined());

  it('is a valid tag or none', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), (refName, group) => {
        const tag = tagOf('a{sourceref}_{1}', refName, group);
        if (tag !== undefined) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
      }),
    ));

  it('says which groups it needs', () => {
    expect(lastGroupIn('v1')).toBe(0);
    expect(lastGroupIn('{sourceref}')).toBe(0);
    expect(lastGroupIn('{3}-{1}')).toBe(3);
  });
});
