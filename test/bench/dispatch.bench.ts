import { Report } from '@slipway/contracts';
import { connectNats } from '@slipway/messaging';
import { until } from '@slipway/testing';
import type { Api } from '../e2e/lib/api.js';
import { atMost, bench } from './lib/bench.js';
import { inDummyHouse } from './lib/dummy-house.js';
import { atRate, percentile } from './lib/statistics.js';

const BUILDS_PER_S = 10;
const WARM_UP = 30; // builds
const MEASURED = Number(process.env['BENCH_BUILDS'] ?? 300);
/** Builds of one repository wait for each other where they move its tags; at this rate few people share one. */
const REPOSITORIES = Array.from({ length: 10 }, (_, n) => `bench/dispatch-${n}`);
/** A builder that does nothing: one step, without output. */
const NOTHING = { DUMMY_STEPS: '1', DUMMY_LINES: '0' };
/** Of each of two agents: a job must never wait for a free one. */
const SLOTS = '16';

/** When each build was asked for and heard of, ms by the clock of this process alone. */
interface Heard {
  /** The first word that the agent says of its work: the build's first `step-advanced` report on NATS. */
  readonly firstStep: Map<string, number>;
  /** The first step of the Dockerfile. */
  readonly firstOfDockerfile: Map<string, number>;
}

/**
 * From sending the POST to the agent's first step, as a subscriber of the agents' reports hears it. Both ends are taken
 * in this process, so no two clocks are compared; the way of the report to it counts as well.
 */
await bench('dispatch', (b) =>
  inDummyHouse(
    { agents: 2, env: { 'build-agent': { AGENT_SLOTS: SLOTS, ...NOTHING } } },
    async ({ system, api, createRepository }) => {
      for (const path of REPOSITORIES) await createRepository(path);
      const nats = await connectNats({ url: system.urls.nats, name: 'bench' });
      b.version('nats-server', nats.info?.version ?? 'unknown');
      const heard: Heard = { firstStep: new Map(), firstOfDockerfile: new Map() };
      nats.subscribe('event.>', { callback: (error, message) => void (error ?? note(heard, message.json())) });
      await nats.flush();

      const asked = new Map<string, number>();
      const ask = async (n: number): Promise<void> => {
        const path = REPOSITORIES[n % REPOSITORIES.length] ?? '';
        const askedAt = performance.now();
        asked.set((await api.requestBuild(path)).build_id, askedAt);
      };
      b.progress(`${WARM_UP} builds to warm up`);
      await atRate({ count: WARM_UP, perSecond: BUILDS_PER_S }, ask);
      await until(() => heard.firstOfDockerfile.size === WARM_UP, { limitMs: 30_000, what: 'the warm-up' });
      asked.clear();
      b.progress(`${MEASURED} builds, ${BUILDS_PER_S} a second`);
      await atRate({ count: MEASURED, perSecond: BUILDS_PER_S }, ask);
      await until(() => heard.firstOfDockerfile.size === WARM_UP + MEASURED, {
        limitMs: 30_000,
        what: 'the last build',
      });
      for (const buildId of asked.keys()) await requireSuccess(api, buildId);
      await nats.close();

      const latencies = (of: Map<string, number>): readonly number[] =>
        [...asked].map(([buildId, askedAt]) => (of.get(buildId) ?? NaN) - askedAt);
      const [first, ofDockerfile] = [latencies(heard.firstStep), latencies(heard.firstOfDockerfile)];
      const unit = 'ms';
      b.metric({ name: "POST to the agent's first step, p50", value: percentile(first, 0.5), unit, goal: atMost(30) });
      b.metric({
        name: "POST to the agent's first step, p99",
        value: percentile(first, 0.99),
        unit,
        goal: atMost(250),
      });
      b.metric({ name: 'POST to the first step of the Dockerfile, p50', value: percentile(ofDockerfile, 0.5), unit });
      b.metric({ name: 'POST to the first step of the Dockerfile, p99', value: percentile(ofDockerfile, 0.99), unit });
    },
  ));

function note({ firstStep, firstOfDockerfile }: Heard, message: unknown): void {
  const at = performance.now();
  const report = Report.parse(message);
  if (report.type !== 'step-advanced') return;
  if (!firstStep.has(report.buildId)) firstStep.set(report.buildId, at);
  if (report.step && !firstOfDockerfile.has(report.buildId)) firstOfDockerfile.set(report.buildId, at);
}

async function requireSuccess(api: Api, buildId: string): Promise<void> {
  const { status, failure } = await api.ended(buildId);
  if (status !== 'S') throw new Error(`A build ended with ${status}: ${failure?.message}`);
}
