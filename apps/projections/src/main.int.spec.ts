import { fileURLToPath } from 'node:url';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { subjects } from '@slipway/contracts';
import { connectEventStore, type EventStore } from '@slipway/event-store';
import { openReadModel, VIEWS, type ReadModel } from '@slipway/read-model';
import { append, buildHistory, buildIdOf, logHistory, mixedHistory, userHistory } from '@slipway/read-model/fixtures';
import {
  spawnGuarded,
  startEventStoreServer,
  startNatsServer,
  temporaryDirectory,
  until,
  type GuardedProcess,
  type TestServer,
} from '@slipway/testing';

const hook = fileURLToPath(new URL('../../../tools/ts-hook.mjs', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const LIMIT = { limitMs: 40_000 };

describe('the projections process', () => {
  const directory = temporaryDirectory();
  const databaseUrl = `sqlite:${directory.path}/read-model.db`;
  let eventStore: TestServer;
  let natsServer: TestServer;
  let store: EventStore;
  let nats: NatsConnection;
  let readModel: ReadModel;
  let service: Service;

  interface Service {
    readonly process: GuardedProcess;
    readonly readiness: () => Promise<{ readonly status: number; readonly checks: Readonly<Record<string, string>> }>;
  }

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}, onLine?: (line: string) => void) =>
    spawnGuarded({
      command: process.execPath,
      args: ['--import', hook, main, ...args],
      env: {
        NODE_OPTIONS: '',
        LOG_LEVEL: 'info',
        EVENTSTORE_URL: eventStore.url,
        NATS_URL: natsServer.url,
        DATABASE_URL: databaseUrl,
        HEALTH_PORT: '0',
        ...env,
      },
      ...(onLine && { onLine }),
    });

  const startService = async (): Promise<Service> => {
    let port: string | undefined;
    const started = await run([], {}, (line) => {
      port ??= /"healthPort":(\d+)/.exec(line)?.[1];
    });
    await until(() => port, LIMIT);
    return {
      process: started,
      readiness: async () => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        const { checks } = (await response.json()) as { checks: Record<string, string> };
        return { status: response.status, checks };
      },
    };
  };
  const isReady = async (): Promise<boolean> => (await service.readiness()).status === 200;
  const isShown = async (number: number): Promise<boolean> =>
    (await readModel.builds.get(buildIdOf(number)))?.status === 'S';

  beforeAll(async () => {
    [eventStore, natsServer] = await Promise.all([startEventStoreServer(), startNatsServer()]);
    store = connectEventStore({ url: eventStore.url });
    nats = await connect({ servers: natsServer.url });
    readModel = openReadModel(databaseUrl, { readOnly: true });
    await append(store, mixedHistory(30));
    service = await startService();
    await until(isReady, LIMIT);
  }, 120_000);
  afterAll(async () => {
    await service.process.stop();
    await readModel.close();
    await nats.close();
    await store.close();
    await Promise.all([eventStore.stop(), natsServer.stop()]);
    directory.remove();
  }, 60_000);

  it('shows what happens, and tells those who wait for it', async () => {
    const hints: string[] = [];
    nats.subscribe(subjects.projected('*', buildIdOf(500)), {
      callback: (_, message) => void hints.push(message.subject),
    });
    await nats.flush();
    await append(store, [buildHistory(500), logHistory(500)]);
    await until(() => hints.includes(subjects.projected('log', buildIdOf(500))), LIMIT);
    expect(hints).toContain(subjects.projected('build', buildIdOf(500)));
    expect(await isShown(500)).toBe(true);
    expect(await readModel.logs.totalLines(buildIdOf(500))).toBe(20);
  }, 60_000);

  it('says what is away, and goes on when it is back', async () => {
    await eventStore.kill();
    await until(async () => (await service.readiness()).checks['event-store'] !== 'ok', LIMIT);
    expect((await service.readiness()).status).toBe(503);
    await eventStore.restart();
    await until(isReady, LIMIT);
    await natsServer.kill();
    await until(async () => (await service.readiness()).checks['nats'] !== 'ok', LIMIT);
    await append(store, [buildHistory(501)]); // nobody can be told
    await until(() => isShown(501), LIMIT);
    await natsServer.restart();
    await until(isReady, LIMIT);
    await append(store, [buildHistory(502)]);
    await until(() => isShown(502), LIMIT);
  }, 120_000);

  it('goes on where it was after it was killed', async () => {
    const histories = Array.from({ length: 40 }, (_, index) => buildHistory(600 + index));
    const appending = append(store, histories);
    await until(() => isShown(605), LIMIT);
    await service.process.kill();
    await appending;
    service = await startService();
    await until(() => isShown(639), LIMIT);
    const list = await readModel.builds.list({ namespace: 'alice' }, { page: 1 });
    const shown = await Promise.all(histories.map((_, index) => isShown(600 + index)));
    expect(shown.every(Boolean)).toBe(true);
    // A build that was folded twice would be counted twice.
    expect(list.count).toBe(20 + 3 + 40);
  }, 120_000);

  it('rebuilds beside itself on command', async () => {
    await append(store, [userHistory('carol')]);
    const before = await readModel.builds.list({ namespace: 'alice' }, { page: 1 });
    const command = await run(['rebuild']);
    expect(await command.exited).toBe(0);
    for (const { name } of VIEWS) expect(command.lastLines()).toMatch(new RegExp(`${name}: \\d+ events.* in use`));
    expect(await readModel.builds.list({ namespace: 'alice' }, { page: 1 })).toEqual(before);
    await append(store, [buildHistory(700), logHistory(700)]);
    await until(async () => (await readModel.logs.totalLines(buildIdOf(700))) === 20, LIMIT);
    expect(await isReady()).toBe(true);
  }, 120_000);

  it.each([
    [['rebuild', 'nothing'], {}, 64, 'there is no view nothing; there are: build, repository, log, user'],
    [['dance'], {}, 64, 'unknown command dance'],
    [[], { DATABASE_URL: 'mysql://x', NATS_URL: '' }, 78, 'DATABASE_URL'],
    [['rebuild'], { DATABASE_URL: 'mysql://x' }, 78, 'DATABASE_URL'],
  ] as const)(
    'refuses %j with %j',
    async (args, env, code, words) => {
      const refused = await run(args, env);
      expect(await refused.exited).toBe(code);
      expect(refused.lastLines()).toContain(words);
    },
    60_000,
  );
});
