import { limited } from './limited.js';

const HANGS = new Promise<never>(() => undefined);

describe('a limited function', () => {
  it('answers as the one it limits', async () => {
    await expect(limited(() => Promise.resolve('done'), 60_000)()).resolves.toBe('done');
    await expect(limited(() => 'at once', 60_000)()).resolves.toBe('at once');
  });

  it('fails as the one it limits', async () => {
    const broken = () => {
      throw new Error('broken');
    };

    await expect(limited(broken, 60_000)()).rejects.toThrow('broken');
  });

  it('fails when the other one hangs', async () => {
    await expect(limited(() => HANGS, 1)()).rejects.toThrow('not settled after 1 ms');
  });
});
