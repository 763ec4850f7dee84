import { setImmediate as turn } from 'node:timers/promises';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { silentLogger } from '@slipway/platform';
import { openDatabase, openReadModel, VIEWS, type Database, type ReadModel } from '@slipway/read-model';
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
import { rebuildView } from './rebuild.js';
import { startProjections } from './service.js';

const HISTORY = 60;
const FIRST_LATE = 1_000;

onEachDatabase((fresh) => {
  let store: EventStore;
  let place: TestDatabase;
  let database: Database;
  let readModel: ReadModel;
  let abort: AbortController;
  let done: Promise<void>;

  beforeEach(async () => {
    store = createMemoryEventStore();
    place = await fresh();
    database = openDatabase(place.url);
    readModel = openReadModel(place.url, { readOnly: true });
    abort = new AbortController();
    await append(store, mixedHistory(HISTORY));
    const options = { store, database, views: VIEWS, announce: () => {}, logger: silentLogger, signal: abort.signal };
    const projections = startProjections(options);
    ({ done } = projections);
    await until(projections.isCaughtUp, { limitMs: 20_000 });
  });
  afterEach(async () => {
    abort.abort();
    await done;
    await readModel.close();
    await database.close();
    await store.close();
  });

  const rebuild = async (view: (typeof VIEWS)[number], signal = abort.signal): Promise<number> => {
    const beside = openDatabase(place.url);
    const onPoison = (_: unknown, error: unknown): void => {
      throw error;
    };
    try {
      return (await rebuildView({ store, database: beside, view, onPoison, signal })).events;
    } finally {
      await beside.close();
    }
  };
  const rebuildAll = async (signal = abort.signal): Promise<void> => {
    for (const view of VIEWS) await rebuild(view, signal);
  };
  interface Seen {
    reads: number;
    /** Builds that were requested, logged and shown while rebuilding. */
    late: number;
  }
  /** Builds and logs that keep coming until told to stop, each when the last is shown. */
  const keepAppending = async (seen: Seen, signal: AbortSignal): Promise<void> => {
    for (; !signal.aborted; seen.late++) {
      const number = FIRST_LATE + seen.late;
      await append(store, [buildHistory(number), logHistory(number)]);
      await until(async () => (await readModel.logs.totalLines(buildIdOf(number))) === 20, { limitMs: 20_000 });
    }
  };
  /** Reads what has long been there; any answer that is not whole is a failure. */
  const keepReading = async (seen: Seen, signal: AbortSignal): Promise<void> => {
    for (; !signal.aborted; seen.reads++) {
      const number = 1 + (seen.reads % HISTORY);
      expect(await readModel.builds.get(buildIdOf(number))).toBeDefined();
      expect(await readModel.logs.read(buildIdOf(number), { fromLine: 1 })).toHaveLength(2);
      expect((await readModel.builds.list({ namespace: 'alice' }, { page: 1 })).rows).toHaveLength(20);
      await turn();
    }
  };

  it('makes the same rows, logs included, while events arrive and readers read', async () => {
    const stop = new AbortController();
    const seen: Seen = { reads: 0, late: 0 };
    const others = Promise.all([keepAppending(seen, stop.signal), keepReading(seen, stop.signal)]);
    while (seen.reads < HISTORY || seen.late < 3) await Promise.race([others, rebuildAll()]);
    stop.abort();
    await others;
    const live = await dump(database, VIEWS);
    expect(live['build']).toHaveLength(HISTORY + seen.late);

    abort.abort();
    await done; // from here on nothing changes
    await rebuildAll(new AbortController().signal);
    expect(await dump(database, VIEWS)).toEqual(live);
  }, 60_000);

  it('replays every event of the view, and none twice', async () => {
    for (const view of VIEWS) {
      const events = mixedHistory(HISTORY).filter(({ stream }) => stream.startsWith(view.prefix));
      expect(await rebuild(view)).toBe(events.flatMap((history) => history.events).length);
    }
  }, 30_000);

  it('has changed nothing when it is interrupted, and can be begun again', async () => {
    const before = await dump(database, VIEWS);
    const stop = new AbortController();
    const interrupted = rebuildView({
      store,
      database,
      view: VIEWS[0] as (typeof VIEWS)[number],
      onPoison: () => {},
      onProgress: () => stop.abort(new Error('stopped')),
      signal: stop.signal,
    });
    await expect(interrupted).rejects.toThrow('stopped');
    expect(await dump(database, VIEWS)).toEqual(before);
    await rebuild(VIEWS[0] as (typeof VIEWS)[number]);
    expect(await dump(database, VIEWS)).toEqual(before);
  }, 30_000);
});
