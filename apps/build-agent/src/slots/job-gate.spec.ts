import { JobGate } from './job-gate.js';

const never = new AbortController().signal;

describe('the gate of an agent', () => {
  it('is open while nothing speaks against it', () => {
    const changes: string[][] = [];
    const gate: JobGate = new JobGate(() => changes.push([...gate.reasons]));
    expect(gate.isOpen).toBe(true);
    gate.set('disk', true);
    gate.set('draining', true);
    gate.set('draining', true);
    gate.set('disk', false);
    expect([gate.isOpen, gate.reasons]).toEqual([false, ['draining']]);
    gate.set('draining', false);
    expect(gate.isOpen).toBe(true);
    expect(changes).toEqual([['disk'], ['disk', 'draining'], ['draining'], []]);
  });

  it('lets all go on that wait, once the last reason is gone', async () => {
    const gate = new JobGate();
    gate.set('disk', true);
    gate.set('draining', true);
    const passed: number[] = [];
    const waiting = [1, 2].map((slot) => gate.opens(never).then(() => passed.push(slot)));
    gate.set('disk', false);
    await Promise.resolve();
    expect(passed).toEqual([]);
    gate.set('draining', false);
    await Promise.all(waiting);
    expect(passed).toEqual([1, 2]);
  });

  it('holds nobody who is to stop', async () => {
    const gate = new JobGate();
    gate.set('disk', true);
    const stop = new AbortController();
    const waiting = gate.opens(stop.signal);
    stop.abort();
    await waiting;
    await gate.opens(stop.signal);
    expect(gate.isOpen).toBe(false);
  });
});
