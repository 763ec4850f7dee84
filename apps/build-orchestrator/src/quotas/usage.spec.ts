import { type BuildEvent, type Failure } from '@slipway/contracts';
import { monthOf, nextMonth, Usage } from './usage.js';

const MINUTE_MS = 60_000;
const buildId = '5709f780-e8fb-4b52-aa3b-6256b572fb51';
const failure: Failure = { code: 'BUILD_TIMEOUT', message: '', step: null, exitCode: null, lastLines: [] };

const waiting = { buildId, namespace: 'team', stage: 'offered', leasedAt: undefined } as const;
const runningSince = (leasedAt: string) => ({ ...waiting, stage: 'running', leasedAt }) as const;
const leased = (at: string): BuildEvent => ({
  type: 'AttemptLeased',
  data: { buildId, attempt: 1, agentId: 'a1', leaseId: buildId, at },
});
const lost = (at: string): BuildEvent => ({ type: 'AttemptLost', data: { buildId, attempt: 1, why: '', at } });
const failed = (at: string, logBytes?: number): BuildEvent => ({
  type: 'BuildFailed',
  data: { buildId, attempt: 1, failure, logLines: 1, logBytes, at },
});

describe('the use of a namespace', () => {
  const usage = new Usage();
  const ranFrom = (from: string, to: string, logBytes?: number): void => {
    usage.apply(leased(from), waiting, true);
    usage.apply(failed(to, logBytes), runningSince(from), true);
  };

  it('is nothing before anything has run', () =>
    expect(usage.of('team', '2026-11-05T00:00:00.000Z')).toEqual({ buildMs: 0, logBytes: 0 }));

  it('grows while a build runs, and stays when it has ended', () => {
    usage.apply(leased('2026-11-05T10:00:00.000Z'), waiting, true);
    expect(usage.of('team', '2026-11-05T10:02:00.000Z')).toEqual({ buildMs: 2 * MINUTE_MS, logBytes: 0 });
    usage.apply(failed('2026-11-05T10:03:00.000Z', 700), runningSince('2026-11-05T10:00:00.000Z'), true);
    const threeMinutes = { buildMs: 3 * MINUTE_MS, logBytes: 700 };
    expect(usage.of('team', '2026-11-05T10:03:00.000Z')).toEqual(threeMinutes);
    expect(usage.of('team', '2026-11-30T23:59:59.999Z')).toEqual(threeMinutes);
    expect(usage.of('other', '2026-11-05T10:03:00.000Z')).toEqual({ buildMs: 0, logBytes: 0 });
  });

  it('counts every attempt, and no time between them', () => {
    usage.apply(leased('2026-11-06T10:00:00.000Z'), waiting, true);
    usage.apply(lost('2026-11-06T10:01:00.000Z'), runningSince('2026-11-06T10:00:00.000Z'), true);
    expect(usage.of('team', '2026-11-06T11:00:00.000Z').buildMs).toBe(4 * MINUTE_MS);
    ranFrom('2026-11-06T12:00:00.000Z', '2026-11-06T12:01:00.000Z', 300);
    expect(usage.of('team', '2026-11-06T13:00:00.000Z')).toEqual({ buildMs: 5 * MINUTE_MS, logBytes: 1_000 });
  });

  it('is not changed by a build that ends without having run, or by what is counted already', () => {
    const before = usage.changes;
    usage.apply(leased('2026-11-07T10:00:00.000Z'), waiting, false);
    usage.apply(failed('2026-11-07T10:05:00.000Z', 9_000), runningSince('2026-11-07T10:00:00.000Z'), false);
    usage.apply(failed('2026-11-07T10:05:00.000Z', 9_000), undefined, true);
    expect(usage.changes).toBe(before);
    usage.apply(failed('2026-11-07T10:05:00.000Z'), waiting, true);
    expect(usage.of('team', '2026-11-07T11:00:00.000Z')).toEqual({ buildMs: 5 * MINUTE_MS, logBytes: 1_000 });
  });

  it('begins anew with the month: time belongs to both, the log to the one in which the build ended', () => {
    usage.apply(leased('2026-11-30T23:58:00.000Z'), waiting, true);
    expect(usage.of('team', '2026-12-01T00:00:00.000Z')).toEqual({ buildMs: 0, logBytes: 0 });
    expect(usage.of('team', '2026-12-01T00:01:00.000Z')).toEqual({ buildMs: MINUTE_MS, logBytes: 0 });
    usage.apply(failed('2026-12-01T00:02:00.000Z', 50), runningSince('2026-11-30T23:58:00.000Z'), true);
    expect(usage.of('team', '2026-12-31T00:00:00.000Z')).toEqual({ buildMs: 2 * MINUTE_MS, logBytes: 50 });
  });

  it('is kept and restored, as far as it is of this month', () => {
    const again = new Usage();
    again.restore(usage.ended('2026-12-31T00:00:00.000Z'));
    expect(again.of('team', '2026-12-31T00:00:00.000Z')).toEqual({ buildMs: 2 * MINUTE_MS, logBytes: 50 });
    expect(usage.ended('2027-01-01T00:00:00.000Z')).toEqual({});
  });

  it('is never less than nothing when clocks differ', () => {
    ranFrom('2026-12-02T00:01:00.000Z', '2026-12-02T00:00:00.000Z', 0);
    expect(usage.of('team', '2026-12-31T00:00:00.000Z').buildMs).toBe(2 * MINUTE_MS);
    ranFrom('2026-11-30T23:50:00.000Z', '2026-11-30T23:59:00.000Z', 8); // told by a clock that is late
    expect(usage.of('team', '2026-12-31T00:00:00.000Z')).toEqual({ buildMs: 2 * MINUTE_MS, logBytes: 50 });
  });
});

it('knows months by UTC', () => {
  expect(monthOf('2026-11-05T10:00:00.000Z')).toBe(Date.parse('2026-11-01T00:00:00.000Z'));
  expect(nextMonth('2026-12-31T23:59:59.999Z')).toBe('2027-01-01T00:00:00.000Z');
});
