import { Doorbell } from './doorbell.js';

const NEVER = new AbortController().signal;
const LONG_MS = 60_000;

describe('doorbell', () => {
  it('wakes whoever waits', async () => {
    const bell = new Doorbell();
    const woken = bell.wait(LONG_MS, NEVER);
    bell.ring();
    await woken;
  });

  it('keeps a ring for whoever waits next', async () => {
    const bell = new Doorbell();
    bell.ring();
    bell.ring();
    await bell.wait(LONG_MS, NEVER);
  });

  it('wakes once for all rings before', async () => {
    const bell = new Doorbell();
    bell.ring();
    bell.ring();
    await bell.wait(LONG_MS, NEVER);
    let isAwake = false;
    const next = bell.wait(LONG_MS, NEVER).then(() => (isAwake = true));
    await new Promise(setImmediate);
    expect(isAwake).toBe(false);
    bell.ring();
    await next;
  });

  it('lets nobody wait longer than the limit', () => new Doorbell().wait(1, NEVER));

  it('lets nobody wait who is told to stop', async () => {
    const stop = new AbortController();
    const waiting = new Doorbell().wait(LONG_MS, stop.signal);
    stop.abort();
    await waiting;
    await new Doorbell().wait(LONG_MS, stop.signal);
  });
});
