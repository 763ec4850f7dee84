import { setTimeout as pause } from 'node:timers/promises';
import { Report } from '@slipway/contracts';
import { connectNats } from '@slipway/messaging';
import { temporaryDirectory, until } from '@slipway/testing';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { atMost, bench, type Bench } from './lib/bench.js';
import { inDummyHouse } from './lib/dummy-house.js';
import { heapProbe, liveHeapMb } from './lib/heap.js';
import { rssMb } from './lib/memory.js';
import { sizes } from './lib/options.js';
import { atRate, percentile, slope } from './lib/statistics.js';

/** `rate`: builds a second. */
const { minutes, rate } = sizes({ minutes: 30, rate: 10 });
/** Nothing of it counts: caches fill, code is compiled. */
const WARM_UP_MS = Math.min(5, minutes / 5) * 60_000;
/** Collecting all garbage stops a service for some ten milliseconds, so this is not done often. */
const LOOK_MS = 15_000;
const HOUR_MS = 3_600_000;
const LAST_BUILD_LIMIT_MS = 60_000;
const REPOSITORIES = Array.from({ length: 10 }, (_, n) => `bench/soak-${n}`);
const NOTHING = { DUMMY_STEPS: '1', DUMMY_LINES: '0' };

/** What one service held at one time. */
interface Look {
  readonly atMs: number;
  readonly rss: number;
  /** Without garbage; undefined: no Node. */
  readonly live: number | undefined;
}

interface Asked {
  /** Since the start, ms. */
  readonly atMs: number;
  latencyMs: number | undefined;
}

/** A system under the same load for a long time: whether it grows, and whether it becomes slower. */
await bench('soak', async (b) => {
  const heaps = temporaryDirectory();
  const env = { '*': heapProbe(heaps.path), 'build-agent': { AGENT_SLOTS: '16', ...NOTHING } };
  await inDummyHouse({ agents: 2, env }, async ({ system, api, createRepository }) => {
    for (const path of REPOSITORIES) await createRepository(path);
    const nats = await connectNats({ url: system.urls.nats, name: 'bench' });
    b.version('nats-server', nats.info?.version ?? 'unknown');
    const startedAt = performance.now();
    const builds = new Map<string, Asked>();
    const firstWords = new Map<string, number>();
    nats.subscribe('event.>', {
      callback: (error, message) => {
        const report = error ? undefined : Report.parse(message.json());
        if (report?.type !== 'step-advanced' || firstWords.has(report.buildId)) return;
        firstWords.set(report.buildId, performance.now() - startedAt);
      },
    });
    await nats.flush();

    const over = new AbortController();
    const looks = lookAgainAndAgain(system, { heaps: heaps.path, startedAt, signal: over.signal });
    b.progress(`${minutes} minutes at ${rate} builds a second`);
    await atRate({ count: Math.round(minutes * 60 * rate), perSecond: rate }, async (n) => {
      const atMs = performance.now() - startedAt;
      const path = REPOSITORIES[n % REPOSITORIES.length] ?? '';
      builds.set((await api.requestBuild(path)).build_id, { atMs, latencyMs: undefined });
    });
    await until(() => [...builds.keys()].every((id) => firstWords.has(id)), {
      limitMs: LAST_BUILD_LIMIT_MS,
      everyMs: 500,
      what: 'the last build',
    });
    over.abort();
    for (const [id, asked] of builds) asked.latencyMs = (firstWords.get(id) ?? NaN) - asked.atMs;
    await nats.close();
    tellMemory(b, await looks);
    tellLatency(b, [...builds.values()]);
  });
  heaps.remove();
});

async function lookAgainAndAgain(
  system: RunningSystem,
  { heaps, startedAt, signal }: { readonly heaps: string; readonly startedAt: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly Look[]>> {
  const looks = new Map<string, Look[]>(system.services.map((name) => [name, []]));
  while (!signal.aborted) {
    for (const [name, of] of looks) {
      const pid = system.pid(name);
      const live = name.startsWith('nats') ? undefined : await liveHeapMb(heaps, pid);
      of.push({ atMs: performance.now() - startedAt, rss: rssMb(pid), live });
    }
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return looks;
}

/** The slope is judged by what is left after garbage collection; of nats-server, which is no Node, by its RSS. */
function tellMemory(b: Bench, looks: ReadonlyMap<string, readonly Look[]>): void {
  for (const [name, all] of looks) {
    const counted = all.filter(({ atMs }) => atMs >= WARM_UP_MS);
    const [last] = counted.slice(-1);
    if (!last) throw new Error(`${name} was not looked at after the warm-up`);
    const perHour = (of: (look: Look) => number): number =>
      slope(counted.map((look) => [look.atMs / HOUR_MS, of(look)]));
    const goal = atMost(5);
    const isNode = last.live !== undefined;
    if (isNode)
      b.metric({ name: `${name}, live heap grows`, value: perHour(({ live }) => live ?? NaN), unit: 'MB/h', goal });
    b.metric({
      name: `${name}, RSS grows`,
      value: perHour(({ rss }) => rss),
      unit: 'MB/h',
      ...(isNode ? {} : { goal }),
    });
    if (last.live !== undefined) b.metric({ name: `${name}, live heap at the end`, value: last.live, unit: 'MB' });
    b.metric({ name: `${name}, RSS at the end`, value: last.rss, unit: 'MB' });
  }
}

function tellLatency(b: Bench, builds: readonly Asked[]): void {
  const counted = builds.filter(({ atMs }) => atMs >= WARM_UP_MS).map(({ latencyMs }) => latencyMs ?? NaN);
  const third = Math.floor(counted.length / 3);
  const [first, last] = [counted.slice(0, third), counted.slice(-third)];
  const name = "POST to the agent's first step";
  b.metric({ name: 'builds', value: builds.length, unit: 'builds' });
  b.metric({ name: `${name}, p50 of the first third`, value: percentile(first, 0.5), unit: 'ms' });
  b.metric({ name: `${name}, p50 of the last third`, value: percentile(last, 0.5), unit: 'ms' });
  b.metric({ name: `${name}, p99 of the first third`, value: percentile(first, 0.99), unit: 'ms' });
  b.metric({ name: `${name}, p99 of the last third`, value: percentile(last, 0.99), unit: 'ms' });
  const grown = percentile(last, 0.99) / percentile(first, 0.99);
  b.metric({ name: 'p99 of the last third beside the first', value: grown, unit: 'x', goal: atMost(1.3) });
}
