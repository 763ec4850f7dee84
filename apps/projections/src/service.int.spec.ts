import { DatabaseSync } from 'node:sqlite';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { silentLogger, type Logger } from '@slipway/platform';
import { openDatabase, openReadModel, prepareViews, VIEWS, type Database, type View } from '@slipway/read-model';
import {
  append,
  buildHistory,
  buildIdOf,
  dump,
  logHistory,
  mixedHistory,
  onEachDatabase,
  type TestDatabase,
} from '@slipway/read-model/fixtures';
import { until } from '@slipway/testing';
import { startProjections, type Projections } from './service.js';

onEachDatabase((fresh) => {
  let store: EventStore;
  let place: TestDatabase;
  let database: Database;
  let running: { readonly projections: Projections; readonly stop: () => Promise<void> }[];
  let announced: string[];

  beforeEach(async () => {
    store = createMemoryEventStore();
    place = await fresh();
    database = openDatabase(place.url);
    running = [];
    announced = [];
  });
  afterEach(async () => {
    for (const { stop } of running) await stop();
    await database.close();
    await store.close();
  });

  const start = (views = VIEWS, logger: Logger = silentLogger): Projections => {
    const abort = new AbortController();
    const projections = startProjections({
      store,
      database,
      views,
      announce: (changed) =>
        announced.push(...[...changed].flatMap(([view, keys]) => keys.map((key) => `${view} ${key}`))),
      logger,
      signal: abort.signal,
    });
    running.push({
      projections,
      stop: async () => {
        abort.abort();
        await projections.done;
      },
    });
    return projections;
  };
  const stopAll = async (): Promise<void> => {
    for (const { stop } of running.splice(0)) await stop();
  };
  const isAt = async (position: number): Promise<boolean> => {
    const rows = await database.db.selectFrom('read_model_view').selectAll().execute();
    return rows.length === VIEWS.length && rows.every((row) => row.position >= position);
  };
  const lastPosition = async (stream: string): Promise<number> => (await store.readLast(stream, 1))[0]?.position ?? 0;
  /** What a run without any trouble makes of the same events. */
  const undisturbed = async (): Promise<Awaited<ReturnType<typeof dump>>> => {
    const other = openDatabase((await fresh()).url);
    const abort = new AbortController();
    const options = { store, database: other, views: VIEWS, announce: () => {}, logger: silentLogger };
    const projections = startProjections({ ...options, signal: abort.signal });
    await until(projections.isCaughtUp, { limitMs: 20_000 });
    abort.abort();
    await projections.done;
    const rows = await dump(other, VIEWS);
    await other.close();
    return rows;
  };

  it('shows history, then what happens, and says so', async () => {
    await append(store, mixedHistory(20));
    const projections = start();
    await until(projections.isCaughtUp, { limitMs: 20_000 });
    announced.length = 0;
    await append(store, [buildHistory(100, { end: 'requested' }), logHistory(100)]);
    const readModel = openReadModel(place.url, { readOnly: true });
    await until(async () => (await readModel.logs.totalLines(buildIdOf(100))) === 20);
    expect(await readModel.builds.get(buildIdOf(100))).toMatchObject({ state: 'queued' });
    await until(() => announced.includes(`log ${buildIdOf(100)}`));
    expect(announced).toContain(`build ${buildIdOf(100)}`);
    await readModel.close();
  }, 30_000);

  it('goes on where it was, however often it is stopped', async () => {
    const histories = mixedHistory(60);
    for (let part = 0; part < 6; part++) {
      await append(store, histories.slice(part * 21, (part + 1) * 21));
      start();
      if (part % 2 === 0) await until(() => announced.length > part); // in the midst of it
      await stopAll();
    }
    start();
    await until(async () => isAt(await lastPosition(histories.at(-1)?.stream ?? '')), { limitMs: 20_000 });
    expect(await dump(database, VIEWS)).toEqual(await undisturbed());
  }, 60_000);

  it('rebuilds a view of another version beside the old one, and projects the others meanwhile', async () => {
    await append(store, mixedHistory(30));
    await until(start().isCaughtUp, { limitMs: 20_000 });
    await stopAll();
    const [builds, ...others] = VIEWS as [View, ...View[]];
    const newer: View = { ...builds, version: builds.version + 1 };
    await append(store, [buildHistory(100)]);
    start([newer, ...others]);
    await until(async () => (await prepareViews(database, [newer])).length === 0, { limitMs: 20_000 });
    await append(store, [buildHistory(101), logHistory(101)]);
    const last = await lastPosition(logHistory(101).stream);
    await until(() => isAt(last), { limitMs: 20_000 });
    expect(await dump(database, VIEWS)).toEqual(await undisturbed());
  }, 60_000);

  it('waits for a database that is away, and misses nothing', async () => {
    await append(store, mixedHistory(10));
    const projections = start();
    await until(projections.isCaughtUp, { limitMs: 20_000 });
    const bringBack = await takeAway(place);
    await append(
      store,
      Array.from({ length: 20 }, (_, index) => buildHistory(200 + index)),
    );
    await bringBack();
    await append(store, [logHistory(200)]);
    const last = await lastPosition(logHistory(200).stream);
    await until(() => isAt(last), { limitMs: 30_000 });
    expect(await dump(database, VIEWS)).toEqual(await undisturbed());
  }, 60_000);

  it('passes over what it cannot read, loudly', async () => {
    const errors: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (fields) => void errors.push(fields) };
    const [request] = buildHistory(1).events;
    const metadata = request?.metadata ?? { at: '', actor: '', $correlationId: '', $causationId: '', version: 1 };
    await store.append('build-bad', [{ id: buildIdOf(7), type: 'BuildRequested', data: {}, metadata }], 'any');
    await append(store, [buildHistory(1)]);
    const projections = start(VIEWS, logger);
    await until(projections.isCaughtUp, { limitMs: 20_000 });
    expect(projections.poisonCount()).toBe(1);
    expect(errors).toMatchObject([{ stream: 'build-bad', revision: 0, position: 1, type: 'BuildRequested' }]);
    const readModel = openReadModel(place.url);
    expect(await readModel.builds.get(buildIdOf(1))).toMatchObject({ status: 'S' });
    await readModel.close();
  }, 30_000);
});

/** Kills the server; a file is only ever away for writers, while another process holds its lock. */
async function takeAway({ url, server }: TestDatabase): Promise<() => Promise<void>> {
  if (server) {
    await server.kill();
    return server.restart;
  }
  const holder = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5_000 });
  holder.exec('begin immediate');
  return async () => holder.close();
}
