import { Semaphore } from './semaphore.js';

describe('semaphore', () => {
  it('lets so many run and no more, in order, also after failures', async () => {
    const semaphore = new Semaphore(3);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const task = (n: number) => async (): Promise<number> => {
      started.push(n);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (n % 4 === 0) throw new Error(`task ${n}`);
      return n;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => semaphore.run(task(n))));
    expect(most).toBe(3);
    expect(started).toEqual(outcomes.map((_, n) => n));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  });
});
