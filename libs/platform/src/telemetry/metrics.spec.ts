import { count, observe, printMetrics, secondsSince, timed, watch } from './metrics.js';

const valueOf = async (series: string): Promise<string | undefined> =>
  (await printMetrics()).text
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);

/** By how much each of the series grows meanwhile: what else this process did before counts too. */
async function growthOf(series: readonly string[], work: () => unknown): Promise<readonly number[]> {
  const values = (): Promise<readonly number[]> =>
    Promise.all(series.map(async (one) => Number((await valueOf(one)) ?? 0)));
  const before = await values();
  await work();
  const after = await values();
  return after.map((value, index) => Number((value - (before[index] ?? 0)).toFixed(6)));
}

describe('metrics', () => {
  it('count by label', async () => {
    const growth = await growthOf(['slipway_builds_ended_total{status="failed"}'], () => {
      count('slipway_builds_ended_total', { status: 'failed' });
      count('slipway_builds_ended_total', { status: 'failed' });
    });
    expect(growth).toEqual([2]);
  });

  it('put observations into buckets', async () => {
    const series = ['_bucket{le="0.5",phase="cloning"}', '_bucket{le="1",phase="cloning"}', '_sum{phase="cloning"}'];
    const growth = await growthOf(
      series.map((part) => `slipway_build_phase_duration_seconds${part}`),
      () => observe('slipway_build_phase_duration_seconds', 0.7, { phase: 'cloning' }),
    );
    expect(growth).toEqual([0, 1, 0.7]);
  });

  it('measure work that fails too, and let the failure through', async () => {
    const failing = (): Promise<void> =>
      expect(timed('slipway_report_lag_seconds', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await growthOf(['slipway_report_lag_seconds_count'], failing)).toEqual([1]);
  });

  it('ask for what is watched whenever somebody looks', async () => {
    let builds = 3;
    watch('slipway_agent_busy_slots', () => builds);
    expect(await valueOf('slipway_agent_busy_slots')).toBe('3');
    builds = 1;
    expect(await valueOf('slipway_agent_busy_slots')).toBe('1');
  });

  it('show no label value that is not there any more', async () => {
    let nodes = ['in', 'out'];
    watch('slipway_queued_builds', () => nodes.map((build_node) => ({ labels: { build_node }, value: 1 })));
    expect(await valueOf('slipway_queued_builds{build_node="out"}')).toBe('1');
    nodes = ['in'];
    expect(await valueOf('slipway_queued_builds{build_node="out"}')).toBeUndefined();
  });

  it('show the rest when one cannot be read', async () => {
    watch('slipway_ready_agents', () => 2);
    watch('slipway_kept_reports', () => Promise.reject(new Error('the disk is gone')));
    watch('slipway_lane_pending_messages', () => Promise.reject(new Error('NATS is away')));
    expect(await valueOf('slipway_kept_reports')).toBe('Nan');
    expect(await valueOf('slipway_lane_pending_messages{lane="logs"}')).toBeUndefined();
    expect(await valueOf('slipway_ready_agents')).toBe('2');
  });

  it('know no time before now', () => expect(secondsSince(Date.now() + 60_000)).toBe(0));
});
