import { inspect } from 'node:util';
import { Secret } from './secret.js';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('is revealed only when asked', () => expect(secret.reveal()).toBe('hunter2'));

  it.each([
    ['made a string', String(secret)],
    ['serialized', JSON.stringify({ secret })],
    ['inspected', inspect({ secret })],
  ])('is not shown when %s', (_, text) => {
    expect(text).toContain('***');
    expect(text).not.toContain('hunter2');
  });
});
