import { z } from 'zod';
import { seededRandom } from './random.js';

describe('a seeded random', () => {
  const drawn = (seed: string) => {
    const random = seededRandom(seed);
    return Array.from({ length: 200 }, () => random.between(3, 7));
  };

  it('is the same for the same seed, and another one for another', () => {
    expect(drawn('a')).toEqual(drawn('a'));
    expect(drawn('a')).not.toEqual(drawn('b'));
  });

  it('draws all of a range and nothing else', () =>
    expect([...new Set(drawn('a'))].sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7]));

  it('makes UUIDs and chooses', () => {
    const random = seededRandom('a');
    expect(z.uuid().safeParse(random.uuid()).success).toBe(true);
    expect(['x', 'y']).toContain(random.oneOf(['x', 'y']));
    expect(() => random.oneOf([])).toThrow(RangeError);
  });
});
