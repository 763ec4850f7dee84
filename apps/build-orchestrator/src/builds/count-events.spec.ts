import { FAILURES, type BuildEvent, type Failure } from '@slipway/contracts';
import { build } from '@slipway/domain';
import { printMetrics } from '@slipway/platform';
import { countBuildEvents, declareBuildCounts } from './count-events.js';

const at = '2026-11-26T10:00:00.000Z';
const buildId = '0acb9701-fed4-4d5f-a2b5-c33762b1b911';
const failure = (code: Failure['code']): Failure => ({ code, message: '', step: null, exitCode: null, lastLines: [] });
const lost = (why?: Failure): BuildEvent => ({
  type: 'AttemptLost',
  data: { buildId, attempt: 1, why: 'why', ...(why && { failure: why }), at },
});
const failed = (code: Failure['code']): BuildEvent => ({
  type: 'BuildFailed',
  data: { buildId, attempt: 3, failure: failure(code), logLines: 0, logBytes: 0, at },
});

/** What grew, and by how much: other specs of this process count too. */
async function growthBy(...events: readonly BuildEvent[]): Promise<Readonly<Record<string, number>>> {
  const read = async (): Promise<ReadonlyMap<string, number>> =>
    new Map([...(await printMetrics()).text.matchAll(/^(slipway_\S+_total\S*) (\S+)$/gm)].map(seriesOf));
  const before = await read();
  countBuildEvents({ state: build.initial, events });
  const after = await read();
  return Object.fromEntries(
    [...after]
      .map(([series, value]) => [series, value - (before.get(series) ?? 0)] as const)
      .filter(([, growth]) => growth !== 0),
  );
}
const seriesOf = ([, series = '', value]: readonly string[]): readonly [string, number] => [series, Number(value)];

describe('the counters of builds', () => {
  beforeAll(declareBuildCounts);

  it('take an attempt whose agent fell silent for a lost lease', async () =>
    expect(await growthBy(lost())).toEqual({ slipway_lease_losses_total: 1 }));

  it('do not take an attempt for a lost lease that its agent gave back', async () =>
    expect(await growthBy(lost(failure('ENGINE_UNAVAILABLE')))).toEqual({
      'slipway_attempts_given_back_total{code="ENGINE_UNAVAILABLE"}': 1,
    }));

  it('tell why builds failed', async () =>
    expect(await growthBy(lost(), failed('ATTEMPTS_EXHAUSTED'))).toEqual({
      slipway_lease_losses_total: 1,
      'slipway_build_failures_total{code="ATTEMPTS_EXHAUSTED"}': 1,
      'slipway_builds_ended_total{status="failed"}': 1,
    }));

  it('show every code before it has happened, in the one counter that it can happen in', async () => {
    const { text } = await printMetrics();
    const shown = [...text.matchAll(/^slipway_(?:build_failures|attempts_given_back)_total\{code="(.*)"\}/gm)];
    expect(shown.map(([, code = '']) => code).sort()).toEqual(Object.keys(FAILURES).sort());
  });
});
