import { nextAttemptAt } from './retry.js';

const openedAt = '2026-11-24T10:00:00.000Z';
const after = (ms: number): string => new Date(Date.parse(openedAt) + ms).toISOString();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const pauseAfter = (ms: number, random = 0.5): number => {
  const next = nextAttemptAt({ openedAt, at: after(ms) }, random);
  return next === null ? NaN : Date.parse(next) - Date.parse(after(ms));
};

describe('the pause after a failure', () => {
  it('begins with seconds, doubles, and stays at an hour', () => {
    expect(pauseAfter(100)).toBe(5_000);
    expect(pauseAfter(MINUTE_MS)).toBe(MINUTE_MS);
    expect(pauseAfter(2 * MINUTE_MS)).toBe(2 * MINUTE_MS);
    expect(pauseAfter(10 * HOUR_MS)).toBe(HOUR_MS);
  });

  it('is spread, so that those that failed together do not come back together', () => {
    expect(pauseAfter(100, 0)).toBe(3_750);
    expect(pauseAfter(100, 1)).toBe(6_250);
  });

  it('is what the other side asked for, if that is longer, and at most an hour', () => {
    const pauseAsked = (askedPauseMs: number): number =>
      Date.parse(nextAttemptAt({ openedAt, at: after(100), askedPauseMs }, 0.5) ?? '') - Date.parse(after(100));
    expect(pauseAsked(1_000)).toBe(5_000);
    expect(pauseAsked(MINUTE_MS)).toBe(MINUTE_MS);
    expect(pauseAsked(10 * HOUR_MS)).toBe(HOUR_MS);
  });

  it('is the last when it would end after a day', () => {
    expect(pauseAfter(22.5 * HOUR_MS)).toBe(HOUR_MS);
    expect(nextAttemptAt({ openedAt, at: after(23.5 * HOUR_MS) }, 0.5)).toBeNull();
  });
});
