import { count, observe, printMetrics, secondsSince, timed, watch } from './metrics.js';

const valueOf = async (series: string): Promise<string | undefined> =>
  (await printMetrics()).text
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);

describe('metrics', () => {
  it('count by label', async () => {
    count('slipway_builds_ended_total', { status: 'failed' });
    count('slipway_builds_ended_total', { status: 'failed' });
    expect(await valueOf('slipway_builds_ended_total{status="failed"}')).toBe('2');
  });

  it('put observations into buckets', async () => {
    observe('slipway_build_phase_duration_seconds', 0.7, { phase: 'cloning' });
    expect(await valueOf('slipway_build_phase_duration_seconds_bucket{le="0.5",phase="cloning"}')).toBe('0');
    expect(await valueOf('slipway_build_phase_duration_seconds_bucket{le="1",phase="cloning"}')).toBe('1');
    expect(await valueOf('slipway_build_phase_duration_seconds_sum{phase="cloning"}')).toBe('0.7');
  });

  it('measure work that fails too, and let the failure through', async () => {
    const failing = timed('slipway_report_lag_seconds', () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await valueOf('slipway_report_lag_seconds_count')).toBe('1');
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
