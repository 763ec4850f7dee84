import { randomUUID } from 'node:crypto';
import { streams, type BuildSpec, type StatusHost } from '@slipway/contracts';
import { connectEventStore, type EventStore, type StoredEvent } from '@slipway/event-store';
import { silentLogger } from '@slipway/platform';
import { append, buildHistory, buildIdOf, commit, type BuildStory } from '@slipway/read-model/fixtures';
import { startEventStoreServer, until, type TestServer } from '@slipway/testing';
import { addHook, PUBLIC_URL, runNotifier, type RunningNotifier, type RunOptions } from '../notifier.fixtures.js';
import { removeToken, setToken, startCodeHost, TOKEN, type Asked, type CodeHost } from './code-host.fixtures.js';

let server: TestServer;
let store: EventStore;
let host: CodeHost;
let running: RunningNotifier[];
let namespace: string;
let builds = 100;

beforeAll(async () => {
  server = await startEventStoreServer();
  store = connectEventStore({ url: server.url, logger: silentLogger });
}, 30_000);
afterAll(async () => {
  await store.close();
  await server.stop();
});
beforeEach(async () => {
  host = await startCodeHost();
  running = [];
  namespace = `n${randomUUID().slice(0, 8)}`;
});
afterEach(async () => {
  await Promise.all(running.map((notifier) => notifier.stop()));
  await host.stop();
});

const start = (options: RunOptions = {}): RunningNotifier => {
  const notifier = runNotifier(store, { apis: host.apis, ...options });
  running.push(notifier);
  return notifier;
};
const bodies = (): readonly Record<string, unknown>[] =>
  host.asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const states = (): readonly unknown[] => bodies().map(({ state }) => state);

/** A build that runs; `end` brings it to its end. */
async function run(
  spec: Partial<BuildSpec> = {},
): Promise<{ buildId: string; end: (end: BuildStory['end']) => Promise<void> }> {
  const number = ++builds;
  const told = { ...spec, namespace };
  const begun = buildHistory(number, { end: 'running', spec: told });
  await append(store, [begun]);
  return {
    buildId: buildIdOf(number),
    end: async (end = 'succeeded') => {
      const { stream, events } = buildHistory(number, { end, spec: told });
      await append(store, [{ stream, events: events.slice(begun.events.length) }]);
    },
  };
}

/** What became of everything that the code host was to be told of a build, by topic. */
async function outcomesOf(buildId: string): Promise<Readonly<Record<string, string>>> {
  const topics = new Map<string, string>();
  const outcomes: Record<string, string> = {};
  for await (const item of store.subscribeAll({
    after: undefined,
    prefixes: [streams.notification('')],
    signal: AbortSignal.timeout(2_000),
  })) {
    if (item.kind === 'caught-up') break;
    if (item.kind === 'event') note(item.event);
  }
  return outcomes;

  function note({ stream, type, data: told }: StoredEvent): void {
    const data = told as { readonly buildId?: string; readonly topic?: string; readonly why?: string };
    if (data.buildId === buildId && data.topic !== undefined) topics.set(stream, data.topic);
    const topic = topics.get(stream);
    if (topic !== undefined) outcomes[topic] = data.why ?? type;
  }
}

const outcomeOf = (buildId: string, topic: string, isExpected: (outcome: string) => boolean): Promise<string> =>
  until(async () => {
    const outcome = (await outcomesOf(buildId))[topic];
    return outcome !== undefined && isExpected(outcome) ? outcome : undefined;
  });

describe('the commit of a build', () => {
  it('is pending at GitHub once it is known, and then a success', async () => {
    await setToken(store, { namespace, client: 'GitHub' });
    start();
    const { buildId, end } = await run();
    await until(() => host.asked.length === 1);
    await end('succeeded');
    await until(() => host.asked.length === 2);
    for (const { method, path, headers } of host.asked) {
      expect([method, path]).toEqual(['POST', `/github/repos/alice/app/statuses/${commit}`]);
      expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'user-agent': 'Slipway' });
    }
    const common = { context: `slipway/${namespace}/app:latest`, target_url: `${PUBLIC_URL}/v1/builds/${buildId}` };
    expect(bodies()).toEqual([
      { ...common, state: 'pending', description: 'Is being built.' },
      { ...common, state: 'success', description: expect.stringMatching(/^Built after \d+ s\.$/) },
    ]);
  });

  it.each([
    ['failed', 'failure', /^Failed after \d+ s: exit code 2$/],
    ['cancelled', 'error', /^Cancelled after \d+ s\.$/],
  ] as const)('says so when the build has %s', async (how, state, description) => {
    await setToken(store, { namespace, client: 'GitHub' });
    start();
    const { end } = await run();
    await end(how);
    const last = await until(() => bodies().find((body) => body['state'] !== 'pending'));
    expect(last).toMatchObject({ state, description: expect.stringMatching(description) as string });
  });

  it('is pending from the request on where it was asked for', async () => {
    await setToken(store, { namespace, client: 'GitHub' });
    start();
    const asked = 'a'.repeat(40);
    await append(store, [buildHistory(++builds, { end: 'requested', spec: { namespace, commit: asked } })]);
    const { path } = await until(() => host.asked[0]);
    expect(path).toContain(asked);
    expect(bodies()).toMatchObject([{ state: 'pending', description: 'Waits to be built.' }]);
  });

  it.each([
    [null, `Bearer ${TOKEN}`],
    ['alice@example.com', `Basic ${Buffer.from(`alice@example.com:${TOKEN}`).toString('base64')}`],
  ])('is told to Bitbucket in its words, as user %s', async (apiUser, authorization) => {
    await setToken(store, { namespace, client: 'Bitbucket', apiUser });
    start();
    const { buildId, end } = await run({ client: 'Bitbucket' });
    await until(() => host.asked.length === 1);
    await end('failed');
    await until(() => host.asked.length === 2);
    expect(host.asked[1]).toMatchObject({
      method: 'POST',
      path: `/2.0/repositories/alice/app/commit/${commit}/statuses/build`,
      headers: { authorization },
    });
    const [begun, ended] = bodies();
    expect(begun).toMatchObject({ state: 'INPROGRESS', name: `slipway/${namespace}/app:latest` });
    expect(ended).toMatchObject({ state: 'FAILED', key: begun?.['key'], url: `${PUBLIC_URL}/v1/builds/${buildId}` });
    expect(begun?.['key']).toMatch(/^slipway-[0-9a-f]{32}$/);
  });

  it('is one check run at Gitee, which changes', async () => {
    await setToken(store, { namespace, client: 'OSChina' });
    start();
    const { buildId, end } = await run({ client: 'OSChina' });
    await until(() => host.asked.length === 2);
    await end('succeeded');
    await until(() => host.asked.length === 4);
    const repository = '/api/v5/repos/alice/app';
    const query = `?check_name=${encodeURIComponent(`slipway/${namespace}/app:latest`)}`;
    expect(host.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${repository}/commits/${commit}/check-runs${query}`,
      `POST ${repository}/check-runs`,
      `GET ${repository}/commits/${commit}/check-runs${query}`,
      `PATCH ${repository}/check-runs/7`,
    ]);
    const [made = {}, changed = {}] = [1, 3].map((index) => formOf(host.asked[index]));
    expect(made).toMatchObject({ head_sha: commit, status: 'in_progress' });
    expect(changed).toMatchObject({
      status: 'completed',
      conclusion: 'success',
      details_url: `${PUBLIC_URL}/v1/builds/${buildId}`,
    });
    for (const { headers } of host.asked) expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
  });
  const formOf = (asked: Asked | undefined) => Object.fromEntries(new URLSearchParams(asked?.body));

  it('is told to nobody without a token of the namespace for that code host', async () => {
    await setToken(store, { namespace: `${namespace}x`, client: 'GitHub' });
    await setToken(store, { namespace, client: 'Bitbucket' });
    await setToken(store, { namespace, client: 'OSChina' });
    await removeToken(store, { namespace, client: 'OSChina' });
    start();
    for (const client of ['GitHub', 'OSChina', 'GitCafe', 'Simple'] as const)
      await (await run({ client })).end('failed');
    await run({ client: 'Bitbucket' });
    await until(() => host.asked.length > 0); // whatever else there was would have come before
    expect(host.asked.map(({ path }) => path.split('/')[1])).toEqual(['2.0']);
  });

  it('is told once, whoever is stopped and started, and once an attempt or two', async () => {
    await setToken(store, { namespace, client: 'GitHub' });
    await append(store, [buildHistory(++builds, { end: 'running', lost: 1, spec: { namespace } })]);
    await start().stop();
    const first = start();
    await until(() => host.asked.length === 1);
    await first.stop();
    start();
    start();
    const { end } = await run();
    await until(() => host.asked.length === 2);
    await end('succeeded');
    await until(() => host.asked.length === 3);
    expect(states()).toEqual(['pending', 'pending', 'success']);
  });
});

describe('a code host that does not take it', () => {
  const given = async (client: StatusHost = 'GitHub'): Promise<string> => {
    await setToken(store, { namespace, client });
    return (await run({ client })).buildId;
  };

  it.each([
    [401, 'GitHub answered 401: the token is not valid.'],
    [403, 'GitHub answered 403: the token may not set the status of a commit there.'],
    [404, 'GitHub answered 404: there is no such commit, or the token may not see it.'],
    [422, 'GitHub answered 422.'],
    [301, 'GitHub answered 301.'],
  ])('with %i is given up', async (status, why) => {
    host.refuses = () => ({ status });
    const buildId = await given();
    start();
    expect(await outcomeOf(buildId, 'build.requested', (outcome) => outcome.startsWith('GitHub'))).toBe(why);
    expect(host.asked).toHaveLength(1);
  });

  it.each([[500], [503], [429]])('with %i is asked again', async (status) => {
    host.refuses = () => (host.asked.length < 3 ? { status } : undefined);
    const buildId = await given();
    start();
    await outcomeOf(buildId, 'build.requested', (outcome) => outcome === 'NotificationDelivered');
    expect(host.asked).toHaveLength(3);
  });

  it.each([
    [429, { 'retry-after': '1' }],
    [403, { 'retry-after': '1' }],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }],
  ])('with %i and %j is left alone for that time', async (status, headers) => {
    const soon = { ...headers, ...('x-ratelimit-reset' in headers && { 'x-ratelimit-reset': secondsFromNow(2) }) };
    host.refuses = () => (host.asked.length === 1 ? { status, headers: soon } : undefined);
    const buildId = await given();
    start({ retry: { firstPauseMs: 10, maxPauseMs: 10_000, giveUpMs: 60_000 } });
    await outcomeOf(buildId, 'build.requested', (outcome) => outcome === 'NotificationDelivered');
    const [first, second] = host.asked;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(900);
  });
  const secondsFromNow = (seconds: number): string => String(Math.ceil(Date.now() / 1_000) + seconds);

  it('for a while is told the end, and nothing older after it', async () => {
    host.refuses = ({ body }) => (body.includes('"pending"') ? { status: 503 } : undefined);
    await setToken(store, { namespace, client: 'GitHub' });
    start();
    const { buildId, end } = await run();
    await until(() => host.asked.length > 1);
    await end('succeeded');
    const isOver = (outcome: string): boolean => outcome.startsWith('The build');
    expect(await outcomeOf(buildId, 'build.requested', isOver)).toBe('The build has ended meanwhile.');
    await outcomeOf(buildId, 'build.succeeded', (outcome) => outcome === 'NotificationDelivered');
    expect(states().at(-1)).toBe('success');
  });

  it('and is asked again and again delays nobody else', async () => {
    await setToken(store, { namespace, client: 'GitHub' });
    await addHook(store, namespace, { url: `${host.apis.Bitbucket}/hook` });
    const asked = new Promise<void>((resolve) => {
      host.refuses = ({ path }) => {
        if (path.startsWith('/2.0/hook')) resolve();
        return path.startsWith('/github') ? { status: 503 } : { status: 204 };
      };
    });
    start();
    await (await run()).end('succeeded');
    await asked;
  });

  it('has a private address is not asked at all', async () => {
    const buildId = await given();
    start({ privateHosts: '' });
    const isEnd = (outcome: string): boolean => outcome.startsWith('The target');
    expect(await outcomeOf(buildId, 'build.requested', isEnd)).toBe('The target has a private address.');
    expect(host.asked).toEqual([]);
  });

  it('has lost the token meanwhile, or has no API, is not asked either', async () => {
    const buildId = await given();
    start({ apis: { ...host.apis, GitHub: null } });
    const isEnd = (outcome: string): boolean => outcome.startsWith('Slipway');
    expect(await outcomeOf(buildId, 'build.requested', isEnd)).toMatch(/does not know where the API/);
    host.refuses = () => ({ status: 503 });
    const other = await given('Bitbucket');
    await until(() => host.asked.length > 0);
    await removeToken(store, { namespace, client: 'Bitbucket' });
    const isGone = (outcome: string): boolean => outcome.startsWith('The namespace');
    expect(await outcomeOf(other, 'build.requested', isGone)).toMatch(/has no token/);
  });
});
