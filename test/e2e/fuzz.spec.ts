import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { assertDocumented } from '../../apps/gateway/src/house/documented.fixtures.js';
import { temporaryDirectory } from '@slipway/testing';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi } from './lib/api.js';
import { anyRequest, ROUTES, type FuzzRequest } from './lib/fuzz/requests.js';
import { send } from './lib/fuzz/send.js';
import type { KnownValues } from './lib/fuzz/values.js';

const REQUESTS = 5_000;
const AT_ONCE = 8;
const RESTORED_EVERY = 250; // requests
const NO_LIMIT = '10000000'; // of the gateway: else all comes from one address, and most of it is refused
const SLOW_MS = 1_000;
/** A password is hashed, and that is meant to take its time. */
const COSTLY: ReadonlySet<string> = new Set([
  'POST /v1/generate-api-token',
  'PUT /v1/auth/password',
  'POST /v1/users',
  'PUT /v1/users/{username}',
]);
const COSTLY_REQUESTS = 20; // of each
const MAX_PROBLEMS = 10;
const MAX_TOLD = 1_000; // characters
const LIMIT_MS = 180_000;
/** Nobody is there: the dummy source reads nothing. */
const CLONE_URL = 'http://127.0.0.1:9/app.git';
/** Another run of the same requests: `FUZZ_SEED=<seed> npm test test/e2e/fuzz`. */
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));

const state = temporaryDirectory();
let system: RunningSystem;
let known: KnownValues;
let victims: KnownValues;

/** Refused before the route itself looks. */
const AT_THE_DOOR = new Set([400, 401, 413, 415]);

const slow: FuzzRequest[] = [];

/** Statuses by route. */
const seen = new Map<string, Map<number, number>>();

beforeAll(async () => {
  const env = {
    gateway: { RATE_LIMIT_ANONYMOUS: NO_LIMIT, RATE_LIMIT_FAILURES: NO_LIMIT, RATE_LIMIT_LOGINS: NO_LIMIT },
    repository: { RECONCILE_INTERVAL_S: '0' }, // the code hosts of build configs that are made up are not ours to ask
  };
  system = await startTestSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 1, env });
  const api = connectApi(system.urls.api, system.adminToken);
  await api.createRepository('fuzz/app', { cloneUrl: CLONE_URL });
  const [build_id = '', ...others] = await Promise.all(
    Array.from({ length: 20 }, async () => (await api.requestBuild('fuzz/app')).build_id),
  );
  await api.ended(build_id);
  known = new Map(
    Object.entries({
      build_id: [build_id],
      namespace: ['fuzz'],
      repo_name: ['app', 'app', 'other'],
      tag: ['latest'],
      docker_repo_tag: ['latest', 'v1', 'v2', 'v3'],
      id: [1],
      docker_build_config_id: [1],
      code_repo_clone_url: [CLONE_URL],
      build_node: ['in'],
      code_repo_type_value: ['main'],
      'Idempotency-Key': ['a', 'b'],
      'If-Match': ['*', '"x"', 'W/"x"', '"x", "y"'],
    }),
  );
  victims = new Map([...known, ['build_id', others], ['repo_name', ['other']]]);
}, LIMIT_MS);
afterAll(async () => {
  await system.stop();
  state.remove();
}, LIMIT_MS);

describe(`the API under ${REQUESTS} generated requests (FUZZ_SEED=${SEED})`, () => {
  it(
    'answers what the document says, within a second, and never with a bug',
    async () => {
      const requests = affordable(
        fc.sample(anyRequest({ known, victims, tokens: [system.adminToken] }), { seed: SEED, numRuns: REQUESTS }),
      );
      const queue = requests
        .flatMap((request, index) => (index % RESTORED_EVERY === 0 ? [...restoring(), request] : [request]))
        .values();
      const problems: string[] = [];
      const work = async (): Promise<void> => {
        for (const request of queue) {
          if (problems.length >= MAX_PROBLEMS) return;
          problems.push(...(await problemsWith(request)));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      for (const request of slow) problems.push(...(await problemsWith(request, assertQuick)));
      expect(problems).toEqual([]);
    },
    LIMIT_MS,
  );

  it('reached every route, and was often served', () => {
    const past = ROUTES.filter(([route]) =>
      [...(seen.get(route)?.keys() ?? [])].some((status) => !AT_THE_DOOR.has(status)),
    );
    expect(past.length).toBe(ROUTES.length);
    const answers = [...seen.values()].flatMap((statuses) => [...statuses]);
    const good = answers.filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0);
    expect(good).toBeGreaterThan(REQUESTS / 10);
  });

  it('made no service complain of a bug', () => {
    const logs = join(state.path, 'log');
    const lines = readdirSync(logs).flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

/** The first ones of every costly route, and all others. */
function affordable(requests: readonly FuzzRequest[]): readonly FuzzRequest[] {
  const costly = new Map<string, number>();
  return requests.filter(({ route }) => {
    const count = COSTLY.has(route) ? (costly.get(route) ?? 0) + 1 : 0;
    costly.set(route, count);
    return count <= COSTLY_REQUESTS;
  });
}

/** What the requests may have deleted, or made useless. */
const restoring = (): readonly FuzzRequest[] => {
  const tag_configs = [{ code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest' }];
  const build_config = { code_repo_client: 'Simple', code_repo_clone_url: CLONE_URL, tag_configs };
  const headers = { authorization: `Token ${system.adminToken}`, 'content-type': 'application/json' };
  const asked = (route: string, path: string, body: object): FuzzRequest => {
    const [method = ''] = route.split(' ');
    return { route, method, path, headers, body: JSON.stringify(body) };
  };
  return [
    asked('POST /v1/repositories/{namespace}', '/v1/repositories/fuzz', { repo_name: 'app', build_config }),
    asked('PUT /v1/repositories/{namespace}/{repo_name}/build-config', '/v1/repositories/fuzz/app/build-config', {
      tag_configs,
    }),
  ];
};

/** What is wrong with its answer; the request is told whole, so that it can be sent again by hand. */
async function problemsWith(
  request: FuzzRequest,
  assertGood: (request: FuzzRequest) => Promise<void> = assertAnswered,
): Promise<readonly string[]> {
  try {
    await assertGood(request);
    return [];
  } catch (error) {
    return [`${String(error)}\n${JSON.stringify(request).slice(0, MAX_TOLD)}`];
  }
}

async function assertAnswered(request: FuzzRequest): Promise<void> {
  const answer = await send(system.urls.api, request);
  assertDocumented(request, answer);
  const statuses = seen.get(request.route) ?? new Map<number, number>();
  seen.set(request.route, statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1));
  if (answer.tookMs > SLOW_MS) slow.push(request);
}

/** Alone: a busy machine is slow once, a request that costs too much is slow every time. */
async function assertQuick(request: FuzzRequest): Promise<void> {
  const took: number[] = [];
  for (let tries = 0; tries < 3; tries++) {
    const { tookMs } = await send(system.urls.api, request);
    if (tookMs <= SLOW_MS) return;
    took.push(Math.round(tookMs));
  }
  throw new Error(`${request.route} took ${took.join(', ')} ms`);
}
