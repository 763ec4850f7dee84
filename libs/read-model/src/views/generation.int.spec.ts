import type { StoredEvent } from '@slipway/event-store';
import { openDatabase, type Database } from '../database/open-database.js';
import { dump, mixedHistory, onEachDatabase, stored } from '../fixtures/index.js';
import { openReadModel } from '../read-model.js';
import { applyBatch } from './apply-batch.js';
import { beginGeneration, foldGeneration, RebuildOvertaken, swapGeneration } from './generation.js';
import { prepareViews } from './prepare.js';
import { NOWHERE } from './registry.js';
import type { OnPoison, View } from './view.js';
import { VIEWS } from './views.js';

const noPoison: OnPoison = (event, error) => {
  throw new Error(`poison ${event.type}`, { cause: error });
};

onEachDatabase((fresh) => {
  let database: Database;
  let url: string;
  let events: readonly StoredEvent[];

  beforeAll(async () => {
    events = await stored(mixedHistory(12));
  });
  beforeEach(async () => {
    ({ url } = await fresh());
    database = openDatabase(url);
    await prepareViews(database, VIEWS);
    await applyBatch(database, VIEWS, { after: NOWHERE, upTo: events.length, events }, noPoison);
  });
  afterEach(() => database.close());

  const of = (view: View): readonly StoredEvent[] => events.filter(({ stream }) => stream.startsWith(view.prefix));
  const tableNames = async (): Promise<readonly string[]> =>
    (await database.db.introspection.getTables()).map(({ name }) => name).sort();

  it.each(VIEWS)('gives $name the same rows again, however often', async (view) => {
    const before = await dump(database, VIEWS);
    const names = await tableNames();
    for (let times = 1; times <= 3; times++) {
      const generation = await beginGeneration(database, view);
      await foldGeneration(database, generation, of(view).slice(0, 20), noPoison);
      await swapGeneration(
        database,
        generation,
        async (fold) => {
          await fold(of(view).slice(20));
          return of(view).at(-1)?.position ?? NOWHERE;
        },
        noPoison,
      );
      expect(await dump(database, VIEWS)).toEqual(before);
      expect(await tableNames()).toEqual(names);
    }
  });

  it('never lets the checkpoint go back', async () => {
    const [view] = VIEWS as [View];
    const generation = await beginGeneration(database, view);
    expect(await swapGeneration(database, generation, async () => 7, noPoison)).toBe(events.length);
    const readModel = openReadModel(url);
    expect(await readModel.checkpoints.of(view.name)).toBe(events.length);
    await readModel.close();
  });

  it('changes nothing when the swap fails', async () => {
    const [view] = VIEWS as [View];
    const before = await dump(database, VIEWS);
    const generation = await beginGeneration(database, view);
    const failing = swapGeneration(database, generation, () => Promise.reject(new Error('too slow')), noPoison);
    await expect(failing).rejects.toThrow('too slow');
    expect(await dump(database, VIEWS)).toEqual(before);
    await foldGeneration(database, generation, of(view), noPoison);
    await swapGeneration(database, generation, async () => NOWHERE, noPoison);
    expect(await dump(database, VIEWS)).toEqual(before);
  });

  it('ends an older rebuild when a newer one begins, and clears away what it left', async () => {
    const [view] = VIEWS as [View];
    const names = await tableNames();
    const older = await beginGeneration(database, view);
    const newer = await beginGeneration(database, view);
    await expect(foldGeneration(database, older, of(view), noPoison)).rejects.toThrow(RebuildOvertaken);
    await expect(swapGeneration(database, older, async () => 1, noPoison)).rejects.toThrow(RebuildOvertaken);
    await foldGeneration(database, newer, of(view), noPoison);
    await swapGeneration(database, newer, async () => NOWHERE, noPoison);
    expect(await tableNames()).toEqual(names);
  });

  it('brings a view to the version of the code', async () => {
    const [builds] = VIEWS as [View];
    const [table, ...tables] = builds.tables as [(typeof builds.tables)[0], ...typeof builds.tables];
    const changed = { ...table, indexes: [...table.indexes, { name: 'build_by_status', columns: ['status'] }] };
    const newer: View = { ...builds, version: builds.version + 1, tables: [changed, ...tables] };
    expect(await prepareViews(database, [newer])).toEqual([newer]);
    const generation = await beginGeneration(database, newer);
    await foldGeneration(database, generation, of(newer), noPoison);
    await swapGeneration(database, generation, async () => NOWHERE, noPoison);
    expect(await prepareViews(database, [newer])).toEqual([]);
    const readModel = openReadModel(url);
    expect(await readModel.checkpoints.problem()).toBe('views to be rebuilt: build'); // of this code's version
    await readModel.close();
  });
});
