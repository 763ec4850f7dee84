import { AppError } from '@slipway/kernel';
import { TransportError } from './errors.js';
import { withRetry, type RetryOptions } from './retry.js';

const options = (changed: Partial<RetryOptions> = {}): RetryOptions => ({
  operation: 'read',
  limitMs: 10_000,
  tryMs: 5_000,
  startedAt: performance.now(),
  signal: new AbortController().signal,
  details: { stream: 's' },
  ...changed,
});

describe('retry', () => {
  it('tries again after transport errors only', async () => {
    let tries = 0;
    const third = async (): Promise<string> => {
      if (++tries < 3) throw new TransportError('broken');
      return 'third';
    };
    expect(await withRetry(options(), third)).toBe('third');
    const conflict = new AppError('REVISION_CONFLICT');
    await expect(withRetry(options(), () => Promise.reject(conflict))).rejects.toBe(conflict);
    const bug = new TypeError('bug');
    await expect(withRetry(options(), () => Promise.reject(bug))).rejects.toBe(bug);
  });

  it('gives up at its limit, with the last error as the cause', async () => {
    let tries = 0;
    const broken = async (): Promise<never> => {
      throw new TransportError(`try ${++tries}`);
    };
    const error = await withRetry(options({ limitMs: 100 }), broken).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { stream: 's' },
      cause: { message: `try ${tries}` },
    });
    expect(tries).toBeGreaterThan(1);
  });

  it('tries once when the wait before it took all the time', async () => {
    let tries = 0;
    const broken = async (): Promise<never> => {
      tries++;
      throw new TransportError('broken');
    };
    const late = options({ startedAt: performance.now() - 20_000 });
    await expect(withRetry(late, broken)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(tries).toBe(1);
  });

  it('does not wait for a try that never settles', async () => {
    const signals: AbortSignal[] = [];
    const silent = (signal: AbortSignal): Promise<never> => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const hasty = options({ limitMs: 2_000, tryMs: 20 }); // room for more than one try, however busy the machine
    await expect(withRetry(hasty, silent)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(signals.length).toBeGreaterThan(1);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('ends when the store is closed', async () => {
    const closing = new AbortController();
    const calls = withRetry(options({ signal: closing.signal }), () => new Promise<never>(() => {}));
    closing.abort(new Error('closed'));
    await expect(calls).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', details: { reason: 'closed' } });
  });
});
