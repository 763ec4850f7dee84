import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnGuarded, until, type GuardedProcess } from '@slipway/testing';
import { callerWith, post, type Call } from './house/client.fixtures.js';
import { serveCommands } from './house/commands.fixtures.js';
import { follow } from './house/event-source.fixtures.js';
import { openHouse, type House } from './house/house.fixtures.js';
import { requestBuildRequest } from '@slipway/contracts/fixtures';
import { at, digest, logged, printedSpec } from './house/told.fixtures.js';

const HOOK = fileURLToPath(new URL('../../../tools/ts-hook.mjs', import.meta.url));
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let house: House;
let gateway: GuardedProcess;
let url: string;
let metricsPort: number;
let token: string;
let alauda: Call;

/** The gateway as a process of its own. */
const spawn = (env: NodeJS.ProcessEnv, onLine: (line: string) => void = () => {}): Promise<GuardedProcess> =>
  spawnGuarded({
    command: process.execPath,
    args: ['--import', HOOK, MAIN],
    env: { NODE_OPTIONS: '', ...env },
    onLine,
  });

interface Started {
  readonly process: GuardedProcess;
  readonly url: string;
  readonly metricsPort: number;
}

async function start(databaseUrl: string): Promise<Started> {
  const lines: string[] = [];
  const env = { PORT: '0', NATS_URL: house.natsServer.url, DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' };
  const started = await spawn(env, (line) => lines.push(line));
  const line = await until(() => lines.find((one) => one.includes('gateway listens')), { limitMs: 30_000 });
  return { process: started, ...(JSON.parse(line) as Pick<Started, 'url' | 'metricsPort'>) };
}

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, () => printedSpec());
  token = await house.tokenOf('alauda');
  ({ process: gateway, url, metricsPort } = await start(house.databaseUrl));
  alauda = callerWith(url, token);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await house.stop();
});

const LINES = 1_000_000;
const CHUNK_LINES = 1_000;
const PADDING = 'x'.repeat(300);
const MIB = 1024 * 1024;

async function millionLines(): Promise<string> {
  const buildId = randomUUID();
  await house.tell.build(buildId, [{ type: 'BuildRequested', data: { buildId, spec: printedSpec(), at } }]);
  for (let first = 1; first <= LINES; first += CHUNK_LINES) {
    const last = first + CHUNK_LINES - 1;
    await house.tell.log(buildId, [logged(buildId, first, last, (number) => ({ message: `${number} ${PADDING}` }))]);
  }
  const image = { imageId: digest('a'), digest: digest('b'), size: 1, tags: [], logLines: LINES };
  await house.tell.build(buildId, [{ type: 'BuildSucceeded', data: { buildId, attempt: 1, ...image, at } }]);
  await house.caughtUp();
  return buildId;
}

/** Reads text line by line; answers how many there were, having seen that the n-th one is about n. */
async function countInOrder(body: ReadableStream<Uint8Array> | null, numberIn: RegExp): Promise<number> {
  let rest = '';
  let count = 0;
  const decoder = new TextDecoder();
  for await (const bytes of body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, number] = numberIn.exec(line) ?? [];
      if (number !== undefined && Number(number) !== ++count) throw new Error(`line ${number} is the ${count}th`);
    }
  }
  return count;
}

/** The most memory the process ever held. */
const peakMib = ({ pid }: GuardedProcess): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe('gateway process', () => {
  it('streams a log of a million lines, complete and in order, without holding it', async () => {
    const id = await millionLines();
    const headers = { authorization: `Token ${token}` };
    const before = peakMib(gateway);
    const array = await fetch(`${url}/v1/builds/${id}/logs`, { headers });
    expect(await countInOrder(array.body, /"message":"(\d+) /)).toBe(LINES);
    const events = await fetch(`${url}/v1/builds/${id}/logs/stream`, { headers });
    expect(await countInOrder(events.body, /^data: \{"line":(\d+),/)).toBe(LINES);
    const bytes = LINES * (PADDING.length + 40);
    expect(bytes / MIB).toBeGreaterThan(300); // what each of the two answers is at least
    expect(peakMib(gateway) - before).toBeLessThan(220); // of garbage not collected yet; reading it again and again adds nothing
  }, 120_000);

  it('shows its metrics on a port of their own, by template and not by path, and not to callers of the API', async () => {
    await fetch(`${url}/v1/namespaces/some-name/quota`);
    const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const series = /slipway_http_request_duration_seconds_count\{method="GET",route="(.*)",status="401"\} 1/;
    const text = await until(async () => {
      const shown = await metrics();
      return series.test(shown) ? shown : undefined;
    });
    expect(series.exec(text)?.[1]).toBe('/v1/namespaces/:namespace/quota');
    expect(text).not.toContain('some-name');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });

  it('says 503 while NATS is down, still shows what it knows, and recovers', async () => {
    const { body } = await alauda('/v1/builds', post(requestBuildRequest));
    const countOf = async () => ((await alauda('/v1/builds')).body as { count: number }).count;
    const before = await countOf();
    await house.natsServer.kill();
    try {
      const answer = await alauda('/v1/builds', post(requestBuildRequest));
      expect(answer).toMatchObject({ status: 503, body: { errors: [{ code: 'service_unavailable' }] } });
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(await alauda(`/v1/builds/${(body as { build_id: string }).build_id}`)).toMatchObject({ status: 200 });
      expect(await alauda('/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
      expect(await alauda('/healthz')).toMatchObject({ status: 200 });
    } finally {
      await house.natsServer.restart();
    }
    const askAgain = async () => (await alauda('/v1/builds', post(requestBuildRequest))).status === 201;
    await until(askAgain, { limitMs: 20_000 });
    await house.caughtUp();
    expect(await countOf()).toBe(before + 1); // what was answered with 503 was not done later
  }, 60_000);

  it('stops at once, though somebody follows a log', async () => {
    const other = await start(house.databaseUrl);
    const { build_id } = (await alauda('/v1/builds', post(requestBuildRequest))).body as { build_id: string };
    const received = await follow(`${other.url}/v1/builds/${build_id}/logs/stream`, {
      authorization: `Token ${token}`,
    });
    await until(() => received.statuses.length > 0);
    process.kill(other.process.pid, 'SIGTERM');
    await received.done;
    expect(await other.process.exited).toBe(0);
  }, 60_000);

  it('says 503 where there is no read model yet', async () => {
    const other = await start('sqlite:/nowhere/at-all.db');
    try {
      const answer = await callerWith(other.url, token)('/v1/builds');
      expect(answer).toMatchObject({ status: 503, body: { errors: [{ code: 'read_model_unavailable' }] } });
      expect(answer.headers.get('retry-after')).toBe('2');
    } finally {
      await other.process.stop();
    }
  }, 60_000);

  it('names every bad variable and does not start', async () => {
    const bad = await spawn({ PORT: '99999', NATS_URL: '', DATABASE_URL: 'mysql://x', PUBLIC_URL: 'ftp://x' });
    expect(await bad.exited).toBe(78);
    for (const name of ['PORT', 'NATS_URL', 'DATABASE_URL', 'PUBLIC_URL']) expect(bad.lastLines()).toContain(name);
  }, 30_000);
});
