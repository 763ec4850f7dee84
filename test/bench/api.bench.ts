import { fileURLToPath } from 'node:url';
import { startNatsServer, temporaryDirectory } from '@slipway/testing';
import { atLeast, atMost, bench, type Bench } from './lib/bench.js';
import { inDummyHouse } from './lib/dummy-house.js';
import { load, serve, type Load, type Served } from './lib/load.js';
import { fillBuilds, namespaceOf } from './lib/many-builds.js';
import { median } from './lib/statistics.js';

/** Fewer for a quick look. */
const BUILDS = Number(process.env['BENCH_BUILDS'] ?? 1_000_000);
const ROUNDS = 5;
const ROUND_S = 4;
const CONNECTIONS = 20;
const TOKEN = 'slp_00000000-0000-4000-8000-000000000000';
const MANY = '10000000'; // requests a minute: the limits are not what is measured
const RATE_LIMITS = { RATE_LIMIT_CALLER: MANY, RATE_LIMIT_WRITES: MANY };

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

await bench('api', async (b) => {
  await listing(b);
  await asking(b);
});

/** `GET /v1/builds` of the gateway beside bare fastify with the same SQL on the same file, in turns. */
async function listing(b: Bench): Promise<void> {
  const directory = temporaryDirectory();
  const path = `${directory.path}/read-model.db`;
  b.progress(`filling the read model with ${BUILDS.toLocaleString('en-US')} builds`);
  await fillBuilds(path, BUILDS, TOKEN);
  const nats = await startNatsServer();
  const env = { NATS_URL: nats.url, DATABASE_URL: `sqlite:${path}`, PORT: '0', ...RATE_LIMITS };
  const ours = await serve([program('../../apps/gateway/src/main.ts')], env, listeningUrl);
  const bare = await serve([program('lib/bare-list.ts'), path], {}, (line) => line);
  const rounds = { ours: [] as Round[], bare: [] as Round[] };
  b.progress(`${ROUNDS} rounds of ${ROUND_S} s each, in turns, after one to warm up`);
  for (let round = 0; round <= ROUNDS; round++) {
    const [one, other] = [await measure(bare), await measure(ours)];
    if (round === 0) continue;
    rounds.bare.push(one);
    rounds.ours.push(other);
  }
  await Promise.all([ours.stop(), bare.stop()]);
  await nats.stop();
  directory.remove();

  const cpu = { ours: median(rounds.ours.map(cpuOf)), bare: median(rounds.bare.map(cpuOf)) };
  b.metric({ name: 'GET /v1/builds, CPU a request', value: cpu.ours, unit: 'ms' });
  b.metric({ name: 'bare fastify with the same SQL, CPU a request', value: cpu.bare, unit: 'ms' });
  b.metric({ name: 'GET /v1/builds beside bare fastify', value: cpu.ours / cpu.bare, unit: 'x', goal: atMost(1.5) });
  const p99 = median(rounds.ours.map(({ p99Ms }) => p99Ms));
  b.metric({ name: `GET /v1/builds, p99 of ${CONNECTIONS} connections`, value: p99, unit: 'ms', goal: atMost(50) });
  const perSecond = median(rounds.ours.map((round) => round.perSecond));
  b.metric({ name: 'GET /v1/builds', value: perSecond, unit: 'requests/s' });
}

/** `POST /v1/builds` of a whole system whose builds nobody takes: 201 means that the request is on disk. */
async function asking(b: Bench): Promise<void> {
  await inDummyHouse({ agents: 0, env: { gateway: RATE_LIMITS } }, async ({ system, createRepository }) => {
    await createRepository('bench/api');
    const body = { namespace: 'bench', repo_name: 'api', tag: 'latest' };
    const url = `${system.urls.api}/v1/builds`;
    const options = { url, token: system.adminToken, connections: CONNECTIONS, body };
    await load({ ...options, seconds: 2 });
    b.progress('asking for builds');
    const { perSecond, p99Ms } = await load({ ...options, seconds: 10 });
    b.metric({ name: 'POST /v1/builds, accepted and durable', value: perSecond, unit: 'builds/s', goal: atLeast(200) });
    b.metric({ name: 'POST /v1/builds, p99', value: p99Ms, unit: 'ms' });
  });
}

interface Round extends Load {
  readonly cpuMs: number;
}

async function measure(served: Served): Promise<Round> {
  const before = served.cpuMs();
  const url = `${served.url}/v1/builds?namespace=${namespaceOf(1)}`;
  const loaded = await load({ url, token: TOKEN, connections: CONNECTIONS, seconds: ROUND_S });
  return { ...loaded, cpuMs: served.cpuMs() - before };
}

function cpuOf({ cpuMs, requests }: Round): number {
  return cpuMs / requests;
}

/** Of the gateway's log. */
function listeningUrl(line: string): string | undefined {
  const { msg, url } = JSON.parse(line) as { readonly msg?: string; readonly url?: string };
  return msg === 'gateway listens' ? url : undefined;
}
