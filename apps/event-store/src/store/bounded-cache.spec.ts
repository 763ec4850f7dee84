import { BoundedCache } from './bounded-cache.js';

describe('the bounded cache', () => {
  it('keeps what was used last and forgets the rest', () => {
    const cache = new BoundedCache<number, string>(10);
    for (let key = 0; key < 100; key++) {
      cache.set(key, `v${key}`);
      cache.get(0);
    }
    const kept = Array.from({ length: 100 }, (_, key) => key).filter((key) => cache.get(key) !== undefined);
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(kept).toEqual(expect.arrayContaining([0, 91, 92, 93, 94, 95, 96, 97, 98, 99]));
  });

  it('is empty when it is cleared', () => {
    const cache = new BoundedCache<string, number>(2);
    for (const key of ['a', 'b', 'c']) cache.set(key, 1);
    cache.clear();
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, undefined, undefined]);
  });
});
