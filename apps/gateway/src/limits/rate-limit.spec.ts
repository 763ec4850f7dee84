import { rateLimit } from './rate-limit.js';

function setUp(perMinute: number) {
  const clock = { nowMs: 1_000_000 };
  const limit = rateLimit(perMinute, () => clock.nowMs);
  const take = (times: number, key = 'a'): number =>
    Array.from({ length: times }, () => limit.take(key)).filter((waitMs) => waitMs === 0).length;
  return { clock, limit, take };
}

describe('a rate limit', () => {
  it('lets a minute of requests through at once, and no more', () => {
    expect(setUp(600).take(1_000)).toBe(600);
    expect(setUp(7).take(100)).toBe(7);
    expect(setUp(1).take(2)).toBe(1);
  });

  it('says how long to wait, and lets one through after that', () => {
    const { clock, limit, take } = setUp(60);
    take(60);
    expect(limit.take('a')).toBeCloseTo(1_000);
    clock.nowMs += 999;
    expect(limit.take('a')).toBeCloseTo(1);
    clock.nowMs += 1;
    expect([limit.take('a'), limit.take('a')]).toEqual([0, expect.closeTo(1_000)]);
  });

  it('does not make whoever was refused wait longer for having asked', () => {
    const { clock, take } = setUp(60);
    take(500);
    clock.nowMs += 1_000;
    expect(take(5)).toBe(1);
  });

  it('is full again after a minute, and not fuller after an hour', () => {
    const { clock, take } = setUp(60);
    take(60);
    clock.nowMs += 3_600_000;
    expect(take(100)).toBe(60);
  });

  it('counts each key for itself', () => {
    const { take } = setUp(3);
    expect([take(5, 'a'), take(2, 'b'), take(5, 'b')]).toEqual([3, 2, 1]);
  });

  it('tells without taking', () => {
    const { limit, take } = setUp(2);
    expect([limit.waitOf('a'), limit.waitOf('a'), take(5)]).toEqual([0, 0, 2]);
    expect(limit.waitOf('a')).toBeGreaterThan(0);
  });

  it('forgets the longest unused keys first, so that many addresses fill no memory', () => {
    const { limit, take } = setUp(1);
    take(1, 'old');
    for (let index = 0; index < 50_000; index++) limit.take(`key-${index}`);
    take(1, 'kept');
    expect([limit.waitOf('old'), limit.waitOf('kept')]).toEqual([expect.closeTo(60_000), expect.closeTo(60_000)]);
    for (let index = 50_000; index < 100_000; index++) limit.take(`key-${index}`);
    expect([limit.waitOf('old'), limit.waitOf('kept')]).toEqual([0, expect.closeTo(60_000)]);
  });
});

describe('the cost of a rate limit', () => {
  it('is far below 20 µs a request, also with many keys', () => {
    const limit = rateLimit(600);
    const keys = Array.from({ length: 150_000 }, (_, index) => `2001:db8:${index}::/64`);
    for (const key of keys) limit.take(key);
    const before = process.threadCpuUsage(); // a machine that does other things meanwhile makes it no dearer
    for (const key of keys) limit.take(key);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / keys.length).toBeLessThan(20);
  });
});
