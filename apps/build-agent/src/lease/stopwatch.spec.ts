import { startStopwatch } from './stopwatch.js';

const HOUR_MS = 3_600_000;

describe('a stopwatch', () => {
  const started = () => {
    const clocks = { wall: 5 * HOUR_MS, steady: 1_000 };
    const elapsed = startStopwatch(
      () => clocks.wall,
      () => clocks.steady,
    );
    return { clocks, elapsed };
  };

  it('tells the time that has passed', () => {
    const { clocks, elapsed } = started();
    clocks.wall += 700;
    clocks.steady += 700;
    expect(elapsed()).toBe(700);
  });

  it('goes on when the clock of the machine is set back', () => {
    const { clocks, elapsed } = started();
    clocks.wall -= HOUR_MS;
    clocks.steady += 4_000;
    expect(elapsed()).toBe(4_000);
  });

  it('counts the time that the machine has slept', () => {
    const { clocks, elapsed } = started();
    clocks.wall += HOUR_MS;
    clocks.steady += 10;
    expect(elapsed()).toBe(HOUR_MS);
  });
});
