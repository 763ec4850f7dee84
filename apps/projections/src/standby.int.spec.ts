import { fileURLToPath } from 'node:url';
import { connectEventStore, type EventStore } from '@slipway/event-store';
import { openDatabase, openReadModel, VIEWS, type ReadModel } from '@slipway/read-model';
import { append, buildHistory, buildIdOf, dump } from '@slipway/read-model/fixtures';
import {
  postgresBinaries,
  spawnGuarded,
  startEventStoreServer,
  startNatsServer,
  startPostgres,
  until,
  type GuardedProcess,
  type TestServer,
} from '@slipway/testing';

const hook = fileURLToPath(new URL('../../../tools/ts-hook.mjs', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const LIMIT = { limitMs: 60_000, everyMs: 100 };
/** What is promised is 15 s; the machine of a test may be busy. */
const TAKEOVER = { limitMs: 30_000, everyMs: 100 };

interface Instance {
  readonly process: GuardedProcess;
  readonly ready: () => Promise<{ readonly status: number; readonly role: string | undefined }>;
  readonly gauge: () => Promise<number>;
}

(postgresBinaries() === undefined ? describe.skip : describe)('two projections over PostgreSQL', () => {
  let servers: TestServer[];
  let env: NodeJS.ProcessEnv;
  let store: EventStore;
  let readModel: ReadModel;
  let instances: Instance[];
  let told = 0;

  async function start(): Promise<Instance> {
    let port: string | undefined;
    const child = await spawnGuarded({
      command: process.execPath,
      args: ['--import', hook, main],
      env,
      onLine: (line) => void (port ??= /"healthPort":(\d+)/.exec(line)?.[1]),
    });
    await until(() => port, LIMIT);
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    const instance: Instance = {
      process: child,
      ready: async () => {
        const response = await get('/readyz');
        const { role } = (await response.json()) as { role?: string };
        return { status: response.status, role };
      },
      gauge: async () =>
        Number(/^slipway_active{service="projections"} (\d)$/m.exec(await (await get('/metrics')).text())?.[1]),
    };
    await until(async () => (await instance.ready()).status === 200, LIMIT);
    return instance;
  }

  const isActive = async (instance: Instance): Promise<boolean> => (await instance.ready()).role === 'active';
  /** The active one, and the other. */
  async function sorted(): Promise<[Instance, Instance]> {
    const [one, other] = instances as [Instance, Instance];
    return (await isActive(one)) ? [one, other] : [other, one];
  }
  const gauges = async (): Promise<readonly number[]> =>
    (await Promise.all(instances.map(({ gauge }) => gauge()))).sort((left, right) => left - right);
  const tell = async (): Promise<number> => {
    told += 1;
    await append(store, [buildHistory(told)]);
    return told;
  };
  const isShown = (number: number): Promise<boolean> =>
    until(async () => (await readModel.builds.get(buildIdOf(number)))?.status === 'S', TAKEOVER);

  beforeAll(async () => {
    const [eventStore, nats, postgres] = await Promise.all([
      startEventStoreServer(),
      startNatsServer(),
      startPostgres(),
    ]);
    servers = [eventStore, nats, postgres];
    const urls = { EVENTSTORE_URL: eventStore.url, NATS_URL: nats.url, DATABASE_URL: postgres.url };
    env = { NODE_OPTIONS: '', LOG_LEVEL: 'info', HEALTH_PORT: '0', ...urls };
    store = connectEventStore({ url: eventStore.url });
    readModel = openReadModel(postgres.url, { readOnly: true });
    instances = [await start(), await start()];
  }, 120_000);
  afterAll(async () => {
    await Promise.all(instances.map(({ process: one }) => one.kill()));
    await readModel.close();
    await store.close();
    await Promise.all(servers.map((server) => server.stop()));
  }, 60_000);

  it('are both ready, and one of them works', async () => {
    const answers = await Promise.all(instances.map(({ ready }) => ready()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(answers.map(({ role }) => role))).toEqual(new Set(['active', 'standby']));
    expect(await gauges()).toEqual([0, 1]);
    await isShown(await tell());
  }, 60_000);

  it('go on when the active one is killed', async () => {
    const [active, standby] = await sorted();
    const startedAt = performance.now();
    await active.process.kill();
    await until(() => isActive(standby), LIMIT);
    expect(performance.now() - startedAt).toBeLessThan(9_000); // on one machine its silence need not tell
    await isShown(await tell());
    expect(await standby.ready()).toMatchObject({ status: 200, role: 'active' });
    instances = [standby, await start()];
    expect(await (await sorted())[1].ready()).toMatchObject({ status: 200, role: 'standby' });
  }, 120_000);

  it('go on at once when the active one is stopped', async () => {
    const [active, standby] = await sorted();
    const startedAt = performance.now();
    await active.process.stop();
    await until(() => isActive(standby), LIMIT);
    expect(performance.now() - startedAt).toBeLessThan(9_000); // before its silence would tell
    await isShown(await tell());
    instances = [standby, await start()];
  }, 120_000);

  it('go on when the active one is paused, which writes nothing when it wakes up', async () => {
    const [active, standby] = await sorted();
    const news = [await tell(), await tell(), await tell()]; // it is paused while it may be at work on them
    process.kill(active.process.pid, 'SIGSTOP');
    const startedAt = performance.now();
    await until(() => isActive(standby), TAKEOVER);
    const tookMs = performance.now() - startedAt;
    for (const number of [...news, await tell()]) await isShown(number);
    process.kill(active.process.pid, 'SIGCONT');
    await until(async () => (await active.ready()).role === 'standby', LIMIT);
    expect(await standby.ready()).toMatchObject({ role: 'active' });
    expect(await gauges()).toEqual([0, 1]);
    await isShown(await tell());
    expect(tookMs).toBeLessThan(TAKEOVER.limitMs);
  }, 120_000);

  it('have shown each event once', async () => {
    const database = openDatabase(env['DATABASE_URL'] ?? '');
    const rows = await dump(database, VIEWS);
    await database.close();
    expect(rows['build']).toHaveLength(told);
    expect((await readModel.builds.list({ namespace: 'alice' }, { page: 1 })).count).toBe(told);
  });
});
