import { readFileSync } from 'node:fs';
import { until } from '@slipway/testing';
import { freePorts } from '../../../tools/launcher/setup/ports.js';
import { assertHappened, isBuiltAndShown, tally, told } from '../lib/builds.js';
import type { FaultHouse } from '../lib/fault-house.js';
import type { Scenario } from '../lib/scenario.js';
import { openSilentReader } from '../lib/silent-reader.js';

const MIB = 1_048_576;
const LINE_BYTES = 400;
/** The gateway's heap, MiB: it dies of what it keeps, and not of what it has yet to collect. */
const HEAP = 192;
/** What it may take more: its heap, a chunk each in several forms, and not the logs. */
const maxGrowth = (readers: number): number => (HEAP + 64 + 5 * readers) * MIB;
/** The gateway lets a client go that takes nothing for 30 s. */
const LET_GO_LIMITS = { limitMs: 120_000, everyMs: 500 };
const BUILD_LIMITS = { limitMs: 120_000 };

export const unreadLogStream: Scenario = {
  name: 'unread-log-stream',
  says: 'clients follow a long log and stop reading: they cost next to nothing, hold nobody up, and are let go',
  run: async ({ pick, open, keep, say }) => {
    const [metrics = 0] = await freePorts(1);
    const lines = pick({ short: 100_000, full: 150_000 });
    const readers = pick({ short: 30, full: 60 });
    const house = await open({
      agents: 2,
      env: {
        gateway: { METRICS_PORT: String(metrics), NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
        'build-agent': { DUMMY_LINES: String(lines), DUMMY_LINE_BYTES: String(LINE_BYTES), DUMMY_STEP_MS: '1000' },
      },
    });
    const repository = await house.createRepository('long');
    const buildId = (await house.load.ask(repository)) ?? '';
    const before = memoryOf(house);
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, memoryOf(house))), 200);
    try {
      const url = `${house.system.urls.api}/v1/builds/${buildId}/logs/stream`;
      const silent = await Promise.all(
        Array.from({ length: readers }, () => keep(openSilentReader(url, house.system.adminToken))),
      );
      assertHappened('nobody follows', (await openStreams(metrics)) === readers);
      const [read] = await Promise.all([
        readAll(house, buildId),
        isBuiltAndShown(house, repository, { ...BUILD_LIMITS, what: 'another build' }),
      ]);
      assertHappened(`a log of ${read} lines`, read > lines);
      await until(async () => (await openStreams(metrics)) === 0, { ...LET_GO_LIMITS, what: 'the end of each stream' });
      const texts = await Promise.all(silent.map(({ readOn }) => readOn()));
      assertHappened(
        'one was told everything',
        texts.every((text) => !text.includes('event: end')),
      );
    } finally {
      clearInterval(watch);
    }
    const [grown, all] = [most - before, readers * lines * LINE_BYTES].map((bytes) => Math.round(bytes / MIB));
    say(`${readers} clients did not read ${all} MiB; the gateway took ${grown} MiB more; ${told(await tally(house))}`);
    if (most - before > maxGrowth(readers)) throw new Error(`the gateway took ${grown} MiB more`);
  },
};

/** Resident, bytes. */
function memoryOf({ system }: FaultHouse): number {
  const [, kib = 'NaN'] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${system.pid('gateway')}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

async function openStreams(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const [, count] = /^slipway_open_event_streams(?:\{[^}]*\})? (\d+)$/m.exec(text) ?? [];
  if (count === undefined) throw new Error('the gateway does not say how many event streams are open');
  return Number(count);
}

/** Follows as everybody does. Answers how many lines there were. */
async function readAll({ api }: FaultHouse, buildId: string): Promise<number> {
  let next = 1;
  for await (const event of api.follow(buildId)) {
    if (event.kind === 'line' && event.id !== next++) throw new Error(`line ${event.id} came instead of ${next - 1}`);
    if (event.kind === 'end' && event.totalLines !== next - 1)
      throw new Error(`${next - 1} of ${event.totalLines} lines`);
  }
  return next - 1;
}
