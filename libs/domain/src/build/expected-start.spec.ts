import { expectedStart, turnsUntilStart, type QueuePlace } from './expected-start.js';

const NOW_MS = 1_000_000;
const startOf = (place: QueuePlace, durationsMs: readonly number[], nowMs: number): number | null =>
  expectedStart(turnsUntilStart(place), durationsMs, nowMs);
const after = (ms: number): number => NOW_MS + ms;

describe('the expected start of a build that waits', () => {
  it('is now while there are free slots for it and for those before it', () => {
    expect(startOf({ ahead: 0, slots: 4, free: 1 }, [60_000], NOW_MS)).toBe(NOW_MS);
    expect(startOf({ ahead: 2, slots: 4, free: 3 }, [], NOW_MS)).toBe(NOW_MS);
  });

  it('is when the slots have changed hands as often as they must', () => {
    const at = (ahead: number, free = 0) => startOf({ ahead, slots: 2, free }, [60_000], NOW_MS);
    expect([0, 1, 2, 3, 4].map((ahead) => at(ahead))).toEqual([1, 1, 2, 2, 3].map((times) => after(times * 60_000)));
    expect(at(1, 1)).toBe(after(60_000));
    expect(at(2, 1)).toBe(after(60_000));
    expect(at(3, 1)).toBe(after(120_000));
  });

  it('goes by the median: one build that hung does not count', () => {
    const by = (...durationsMs: readonly number[]) => startOf({ ahead: 0, slots: 1, free: 0 }, durationsMs, NOW_MS);
    expect(by(3_000, 3_600_000, 1_000)).toBe(after(3_000));
    expect(by(1_000, 2_000, 3_000, 4_000)).toBe(after(3_000));
    expect(by(7_000)).toBe(after(7_000));
  });

  it('is not known while no agent is there, or nothing of the repository was ever built', () => {
    expect(startOf({ ahead: 0, slots: 0, free: 0 }, [60_000], NOW_MS)).toBeNull();
    expect(startOf({ ahead: 1, slots: 2, free: 1 }, [], NOW_MS)).toBeNull();
  });
});
