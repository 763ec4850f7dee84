import { Lag } from './lag.js';

describe('how far behind', () => {
  it('is nothing while everything newest is reached', () => {
    const lag = new Lag();
    lag.saw(7, 0);
    lag.reached(7);
    expect([lag.positions, lag.seconds(60_000)]).toEqual([0, 0]);
  });

  it('is counted from when the oldest event that is missing was seen', () => {
    const lag = new Lag();
    lag.saw(7, 0);
    lag.reached(7);
    lag.saw(9, 15_000);
    lag.saw(12, 30_000);
    lag.reached(8);
    expect([lag.positions, lag.seconds(45_000)]).toEqual([4, 30]);
    lag.reached(9);
    expect([lag.positions, lag.seconds(45_000)]).toEqual([3, 15]);
  });

  it('does not grow by looking again', () => {
    const lag = new Lag();
    lag.saw(7, 0);
    lag.saw(7, 15_000);
    lag.reached(6);
    expect(lag.seconds(20_000)).toBe(20);
  });

  it('is nothing when the follower has passed what it is compared with', () => {
    const lag = new Lag();
    lag.saw(7, 0);
    lag.reached(9);
    expect([lag.positions, lag.seconds(1_000)]).toEqual([0, 0]);
  });
});
