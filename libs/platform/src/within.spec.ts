import { within } from './within.js';

const NEVER = new Promise<string>(() => {});
const LONG_MS = 60_000;

describe('a promise with a time limit', () => {
  it('comes to what it comes to', async () => expect(await within(Promise.resolve('done'), LONG_MS)).toBe('done'));

  it('fails as it fails', async () =>
    expect(within(Promise.reject(new Error('refused')), LONG_MS)).rejects.toThrow('refused'));

  it('fails when it takes too long', async () => expect(within(NEVER, 5)).rejects.toThrow('no answer within 5 ms'));

  it('leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const settled = Promise.withResolvers<void>();
    const watched = within(settled.promise, LONG_MS);
    const during = timers();
    settled.resolve();
    await watched;
    expect([during - before, timers() - before]).toEqual([1, 0]);
  });
});
