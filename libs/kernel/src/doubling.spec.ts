import { Doubling } from './doubling.js';

describe('doubling waits', () => {
  it('are twice as long each time, up to the longest', () => {
    const wait = new Doubling({ first: 100, most: 500 });
    expect(Array.from({ length: 5 }, () => wait.next())).toEqual([100, 200, 400, 500, 500]);
  });

  it('tell what comes next, and begin anew', () => {
    const wait = new Doubling({ first: 100, most: 500 });
    expect([wait.ms, wait.ms, wait.next(), wait.ms]).toEqual([100, 100, 100, 200]);
    wait.reset();
    expect([wait.ms, wait.next(), wait.next()]).toEqual([100, 100, 200]);
  });
});
