import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@slipway/testing';
import { atMost, bench, type Bench } from './lib/bench.js';
import { followBuilds, type BuildTimes, type FollowedBuilds } from './lib/build-times.js';
import { inDummyHouse, type DummyHouse } from './lib/dummy-house.js';
import { cpuMsOf, serve, type Served } from './lib/load.js';
import { peakRssMb, rssMb } from './lib/memory.js';
import { sizes } from './lib/options.js';
import { atRate, inParallel, percentile } from './lib/statistics.js';

/** `builds`: queued at once; `rate`: of the steady load, builds a second, and for how many `seconds`. */
const { agents, builds, rate, seconds } = sizes({ agents: 1_000, builds: 10_000, rate: 5, seconds: 30 });
const FEW = Math.min(10, agents);
const AGENTS_A_PROCESS = 250;
const WARM_UP_S = 5;
const REQUESTS_AT_ONCE = 16;
const REPOSITORIES = 10;
const LIMIT_MS = 1_800_000;
/** Agents of `steady` take what is asked for at a steady rate; the other builds wait until there are agents of `backlog`. */
const NODES = { steady: 'steady', backlog: 'backlog' } as const;
const MEASURED = ['nats', 'event-store', 'build-orchestrator'] as const;
const program = fileURLToPath(new URL('lib/many-agents.ts', import.meta.url));

interface Figures {
  /** From the request in the event store to the lease there, ms. */
  readonly dispatch: readonly number[];
  /** CPU of each service under the steady load, cores. */
  readonly cores: Readonly<Record<string, number>>;
  readonly buildsPerS: number;
  /** Of the backlog: builds that more than one agent took. */
  readonly again: number;
  /** From the end of an agent's build to the lease of its next one while the backlog is worked off, ms. */
  readonly refill: readonly number[];
}

/** The same load on few agents and on many, each time beside a long queue, which is worked off then. */
await bench('scale', (b) =>
  inDummyHouse(
    { agents: 0, env: { 'build-orchestrator': { BUILD_NODES: Object.values(NODES).join(',') } } },
    async (house) => {
      for (const node of Object.values(NODES))
        for (let n = 0; n < REPOSITORIES; n++) await house.createRepository(`bench/${node}-${n}`, node);
      const followed = followBuilds(house.system.urls.eventStore);
      const few = await measure(b, { ...house, followed, count: FEW });
      tell(b, FEW, few);
      const many = await measure(b, { ...house, followed, count: agents });
      tell(b, agents, many);
      await followed.stop();
      const ratio = percentile(many.dispatch, 0.5) / percentile(few.dispatch, 0.5);
      b.metric({ name: `dispatch p50, ${agents} agents beside ${FEW}`, value: ratio, unit: 'x', goal: atMost(1.5) });
      for (const name of MEASURED) {
        b.metric({ name: `${name}, RSS at the end`, value: rssMb(house.system.pid(name)), unit: 'MB' });
        b.metric({ name: `${name}, RSS at most`, value: peakRssMb(house.system.pid(name)), unit: 'MB' });
      }
    },
  ));

interface Stage extends DummyHouse {
  readonly followed: FollowedBuilds;
  readonly count: number;
}

async function measure(b: Bench, stage: Stage): Promise<Figures> {
  b.progress(`${builds.toLocaleString('en-US')} builds are asked for`);
  const waiting = new Set<string>();
  await inParallel(REQUESTS_AT_ONCE, builds, async (n) => void waiting.add(await ask(stage, NODES.backlog, n)));
  b.progress(`${stage.count} agents, ${rate} builds a second beside them`);
  const steady = await withAgents(stage, NODES.steady, () => underSteadyLoad(stage));
  b.progress(`${stage.count} agents work off the queue`);
  const startedAt = performance.now();
  await withAgents(stage, NODES.backlog, () => allEnded(stage, waiting));
  const times = timesOf(stage, waiting);
  const lastEndedAt = Math.max(...times.map(({ endedAt }) => endedAt ?? NaN));
  const firstLeasedAt = Math.min(...times.map(({ leasedAt }) => leasedAt ?? NaN));
  if (firstLeasedAt < startedAt) throw new Error('The queue was worked on before its agents were there');
  return {
    ...steady,
    buildsPerS: builds / ((lastEndedAt - firstLeasedAt) / 1_000),
    again: times.filter(({ attempts }) => attempts > 1).length,
    refill: betweenBuilds(times),
  };
}

async function underSteadyLoad(stage: Stage): Promise<Pick<Figures, 'dispatch' | 'cores'>> {
  const load = async (forS: number): Promise<ReadonlySet<string>> => {
    const ids = new Set<string>();
    const count = Math.max(1, Math.round(rate * forS));
    await atRate({ count, perSecond: rate }, async (n) => void ids.add(await ask(stage, NODES.steady, n)));
    await allEnded(stage, ids);
    return ids;
  };
  await load(WARM_UP_S);
  const cpuMs = (): readonly number[] => MEASURED.map((name) => cpuMsOf(stage.system.pid(name)));
  const [before, startedAt] = [cpuMs(), performance.now()];
  const times = timesOf(stage, await load(seconds));
  const tookMs = performance.now() - startedAt;
  const cores = cpuMs().map((ms, index) => [MEASURED[index] ?? '', (ms - (before[index] ?? 0)) / tookMs] as const);
  const dispatch = times.map(({ requestedAt, leasedAt }) => (leasedAt ?? NaN) - requestedAt);
  return { dispatch, cores: Object.fromEntries(cores) };
}

async function ask({ api }: Stage, node: string, n: number): Promise<string> {
  return (await api.requestBuild(`bench/${node}-${n % REPOSITORIES}`)).build_id;
}

async function allEnded({ followed }: Stage, ids: ReadonlySet<string>): Promise<void> {
  const what = `the end of ${ids.size} builds`;
  await until(() => followed.ended(ids) === ids.size, { limitMs: LIMIT_MS, everyMs: 250, what });
}

/** @throws when one did not succeed */
function timesOf({ followed }: Stage, ids: ReadonlySet<string>): readonly BuildTimes[] {
  return [...ids].map((id) => {
    const times = followed.times.get(id);
    if (!times?.succeeded) throw new Error(`Build ${id} did not succeed`);
    return times;
  });
}

function betweenBuilds(times: readonly BuildTimes[]): readonly number[] {
  const endedAt = new Map<string, number>();
  const gaps: number[] = [];
  for (const { agentId = '', leasedAt = NaN, endedAt: at = NaN } of [...times].sort(
    (left, right) => (left.leasedAt ?? 0) - (right.leasedAt ?? 0),
  )) {
    const before = endedAt.get(agentId);
    if (before !== undefined) gaps.push(leasedAt - before);
    endedAt.set(agentId, at);
  }
  return gaps;
}

async function withAgents<T>({ system, count }: Stage, node: string, work: () => Promise<T>): Promise<T> {
  const env = {
    NATS_URL: system.urls.nats,
    BUILD_NODE: node,
    BENCH_AGENTS_DIR: join(system.stateDir, `many-agents-${node}`),
  };
  const starting: Promise<Served>[] = [];
  for (let from = 0; from < count; from += AGENTS_A_PROCESS) {
    const to = Math.min(count, from + AGENTS_A_PROCESS);
    starting.push(serve([program, `${from}`, `${to}`], env, (line) => (line === 'ready' ? line : undefined)));
  }
  const processes = await Promise.all(starting);
  try {
    return await work();
  } finally {
    await Promise.all(processes.map(({ stop }) => stop()));
  }
}

function tell(b: Bench, count: number, { dispatch, cores, buildsPerS, again, refill }: Figures): void {
  const unit = 'ms';
  b.metric({ name: `${count} agents, request to lease, p50`, value: percentile(dispatch, 0.5), unit });
  b.metric({ name: `${count} agents, request to lease, p99`, value: percentile(dispatch, 0.99), unit });
  for (const [name, value] of Object.entries(cores))
    b.metric({ name: `${count} agents, ${name} at ${rate} builds/s`, value, unit: 'cores' });
  b.metric({ name: `${count} agents, ${builds} queued, worked off`, value: buildsPerS, unit: 'builds/s' });
  b.metric({ name: `${count} agents, builds of those taken twice`, value: again, unit: 'builds', goal: atMost(0) });
  if (refill.length === 0) return;
  b.metric({
    name: `${count} agents, end of a build to the agent's next lease, p50`,
    value: percentile(refill, 0.5),
    unit,
  });
  b.metric({
    name: `${count} agents, end of a build to the agent's next lease, p99`,
    value: percentile(refill, 0.99),
    unit,
  });
}
