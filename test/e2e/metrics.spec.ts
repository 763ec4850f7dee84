import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { METRICS, type Metric, type ServiceName } from '@slipway/platform';
import { serverProgram, temporaryDirectory, until } from '@slipway/testing';
import { startSystem, type RunningSystem } from '../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from './lib/api.js';
import { shownBy, valueShownBy } from './lib/metrics.js';

const LIMIT_MS = 180_000;
const PATH = 'e2e/counted';
const AGENT = 'build-agent-1';
const SERVICES: Readonly<Record<ServiceName, string>> = {
  gateway: 'gateway',
  repository: 'repository',
  'build-orchestrator': 'build-orchestrator',
  'build-agent': AGENT,
  projections: 'projections',
  notifier: 'notifier',
  'event-store': 'event-store',
};
const state = temporaryDirectory();
let system: RunningSystem;
let api: Api;

beforeAll(async () => {
  const env = {
    '*': { ACK_WAIT_MS: '2000' },
    'build-agent': { DUMMY_STEP_MS: '1500' },
    'build-agent-2': { DISK_FLOOR_BYTES: String(2 ** 50) }, // no disk has that much
  };
  system = await startSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 2, env });
  api = connectApi(system.urls.api, system.adminToken);
  await api.createRepository(PATH, { cloneUrl: 'http://127.0.0.1/not-fetched.git' });
}, LIMIT_MS);
afterAll(async () => {
  await system.stop();
  state.remove();
}, LIMIT_MS);

const metricsOf = (service: string): Promise<string> => shownBy(system, service);
const valueOf = (service: string, series: string): Promise<number> => valueShownBy(system, service, series);

const becomes = (service: string, series: string, isIt: (value: number) => boolean) =>
  until(async () => isIt(await valueOf(service, series)), { limitMs: LIMIT_MS, everyMs: 100, what: series });
const orchestrator = (series: string): Promise<number> => valueOf('build-orchestrator', `slipway_${series}`);
const atWork = (buildId: string, attempt: number) =>
  api.buildWhen(buildId, (build) => build.attempt === attempt && build.state === 'building', LIMIT_MS);

describe('the metrics of a system', () => {
  it.each(Object.entries(SERVICES) as [ServiceName, string][])(
    'are all shown by %s, as Prometheus reads them',
    async (service, name) => {
      const text = await metricsOf(name);
      const missing = Object.entries<Metric>(METRICS)
        .filter(
          ([metric, { services, kind }]) => services.includes(service) && !text.includes(`# TYPE ${metric} ${kind}`),
        )
        .map(([metric]) => metric);
      expect(missing).toEqual([]);
      const checking = promisify(execFile)(serverProgram('promtool'), ['check', 'metrics']);
      checking.child.stdin?.end(text);
      await checking;
    },
    LIMIT_MS,
  );

  it(
    'count a build through every service',
    async () => {
      const before = await orchestrator('builds_ended_total{status="succeeded"}');
      const { build_id } = await api.requestBuild(PATH);
      expect(await api.ended(build_id, LIMIT_MS)).toMatchObject({ status: 'S' });
      expect(await orchestrator('builds_ended_total{status="succeeded"}')).toBe(before + 1);
      for (const lag of ['relay', 'report', 'log'])
        expect(await orchestrator(`${lag}_lag_seconds_count`)).toBeGreaterThan(0);
      expect(await orchestrator('build_phase_duration_seconds_count{phase="queued"}')).toBeGreaterThan(0);
      for (const phase of ['cloning', 'building', 'pushing'])
        expect(await valueOf(AGENT, `slipway_build_phase_duration_seconds_count{phase="${phase}"}`)).toBe(1);
      const asked = 'slipway_http_request_duration_seconds_count{method="POST",route="/v1/builds",status="201"}';
      expect(await valueOf('gateway', asked)).toBe(1);
      expect(await valueOf('event-store', 'slipway_eventstore_events_total')).toBeGreaterThan(10);
      await becomes('projections', 'slipway_projection_lag_seconds', (lag) => lag === 0);
      expect(await valueOf('projections', 'slipway_projected_events_total')).toBeGreaterThan(5);
    },
    LIMIT_MS,
  );

  it('tell an agent that has too little disk from one that has enough', async () => {
    expect(await valueOf('build-agent-2', 'slipway_agent_paused{reason="disk"}')).toBe(1);
    expect(await valueOf(AGENT, 'slipway_agent_paused{reason="disk"}')).toBe(0);
    expect(await orchestrator('ready_agents')).toBe(1);
  });

  it(
    'count an attempt that is given back, leases that are lost, and the build that fails of it',
    async () => {
      const read = () =>
        Promise.all(
          [
            'attempts_total',
            'lease_losses_total',
            'attempts_given_back_total{code="AGENT_STOPPING"}',
            'build_failures_total{code="ATTEMPTS_EXHAUSTED"}',
          ].map(orchestrator),
        );
      const before = await read();
      const { build_id } = await api.requestBuild(PATH);
      await atWork(build_id, 1);
      await system.restart(AGENT); // asked to stop, it gives back what it has
      for (const attempt of [2, 3, 4]) {
        await atWork(build_id, attempt);
        await system.kill(AGENT);
        await system.restart(AGENT);
      }
      expect(await api.ended(build_id, LIMIT_MS)).toMatchObject({
        status: 'F',
        failure: { code: 'ATTEMPTS_EXHAUSTED' },
      });
      expect((await read()).map((value, index) => value - (before[index] ?? 0))).toEqual([4, 3, 1, 1]);
    },
    LIMIT_MS,
  );

  it(
    'show a queue that nobody works off, and how old it gets',
    async () => {
      await system.kill(AGENT);
      const { build_id } = await api.requestBuild(PATH);
      await becomes('build-orchestrator', 'slipway_queued_builds{build_node="in"}', (builds) => builds === 1);
      await becomes('build-orchestrator', 'slipway_queue_oldest_age_seconds{build_node="in"}', (age) => age > 2);
      await becomes('build-orchestrator', 'slipway_ready_agents', (agents) => agents === 0);
      await system.restart(AGENT);
      await api.ended(build_id, LIMIT_MS);
      await becomes('build-orchestrator', 'slipway_queue_oldest_age_seconds{build_node="in"}', (age) => age === 0);
    },
    LIMIT_MS,
  );

  it(
    'show views that are behind, for as long as they are',
    async () => {
      const views = new DatabaseSync(join(state.path, 'data', 'read-model.sqlite'));
      const lag = 'slipway_projection_lag_seconds';
      try {
        views.exec('BEGIN IMMEDIATE'); // nobody else writes now
        await api.requestBuild(PATH);
        await becomes('projections', lag, (seconds) => seconds > 0);
        views.exec('ROLLBACK');
      } finally {
        views.close();
      }
      await becomes('projections', lag, (seconds) => seconds === 0);
    },
    LIMIT_MS,
  );

  it(
    'tell of a service that does not answer, and of a dependency that is gone',
    async () => {
      const unanswered = 'slipway_request_failures_total{subject="cmd.build.request"}';
      const before = await valueOf('gateway', unanswered);
      await system.kill('build-orchestrator');
      const [namespace, repo_name] = PATH.split('/');
      const body = JSON.stringify({ namespace, repo_name, tag: 'latest' });
      expect(await api.call('/v1/builds', { method: 'POST', body })).toMatchObject({ status: 503 });
      expect(await valueOf('gateway', unanswered)).toBe(before + 1);
      await system.restart('build-orchestrator');

      const up = 'slipway_dependency_up{dependency="event-store"}';
      expect(await valueOf('build-orchestrator', up)).toBe(1);
      await system.kill('event-store');
      await becomes('build-orchestrator', up, (value) => value === 0);
      await system.restart('event-store');
      await becomes('build-orchestrator', up, (value) => value === 1);
    },
    LIMIT_MS,
  );
});
