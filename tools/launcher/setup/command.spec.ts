import { isAtLeast } from './command.js';

describe('isAtLeast', () => {
  it.each([
    ['2.10.23', true],
    ['2.10.27', true],
    ['2.11.0', true],
    ['3.0.0', true],
    ['2.10.22', false],
    ['2.9.30', false],
    ['0', false],
    ['2.11.0-preview.2', true],
  ])('%s against 2.10.23: %s', (version, expected) => expect(isAtLeast(version, '2.10.23')).toBe(expected));
});
