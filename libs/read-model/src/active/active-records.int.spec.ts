import { until } from '@slipway/testing';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../database/open-database.js';
import { buildHistory, onEachDatabase, stored, type TestDatabase } from '../fixtures/index.js';
import { applyBatch } from '../views/apply-batch.js';
import { prepareViews } from '../views/prepare.js';
import { NOWHERE } from '../views/registry.js';
import { VIEWS } from '../views/views.js';
import { activeRecords, assertActive, NoLongerActive } from './active-records.js';

const SERVICE = 'projections';
const LIMIT = { limitMs: 60_000 };

onEachDatabase((fresh) => {
  let place: TestDatabase;
  let database: Database;
  let other: Database;
  beforeEach(async () => {
    place = await fresh();
    database = openDatabase(place.url);
    other = openDatabase(place.url);
  });
  afterEach(() => Promise.all([database.close(), other.close()]));

  it('gives the place to one of those who want it at once', async () => {
    const all = [database, other, database, other].map((one) => activeRecords(one, SERVICE));
    const seen = await Promise.all(all.map((records) => records.read()));
    expect(seen).toEqual(all.map(() => ({ holder: null, beat: 0 })));
    const taken = await Promise.all(all.map((records, index) => records.take(seen[index]!, `holder ${index}`)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await all[0]!.read()).toEqual({ holder: `holder ${taken.indexOf(true)}`, beat: 1 });
  });

  it('hears signs of life of the active one alone, and lets nobody else leave for it', async () => {
    const records = activeRecords(database, SERVICE);
    await records.take(await records.read(), 'one');
    expect(await records.beat('one')).toBe(true);
    expect(await records.beat('another')).toBe(false);
    await records.leave('another');
    expect(await records.read()).toEqual({ holder: 'one', beat: 2 });
    expect(await records.take({ holder: 'one', beat: 1 }, 'another')).toBe(false); // it has lived since
    await records.leave('one');
    expect(await records.read()).toEqual({ holder: null, beat: 3 });
  });

  it('keeps the services apart', async () => {
    const [projections, notifier] = [activeRecords(database, SERVICE), activeRecords(database, 'notifier')];
    await projections.take(await projections.read(), 'one');
    expect(await notifier.read()).toEqual({ holder: null, beat: 0 });
  });

  it('comes back when its table is gone', async () => {
    const records = activeRecords(database, SERVICE);
    await records.take(await records.read(), 'one');
    await sql`drop table read_model_active`.execute(other.db);
    await expect(records.beat('one')).rejects.toMatchObject({ code: 'READ_MODEL_UNAVAILABLE' });
    expect(await records.read()).toEqual({ holder: null, beat: 0 });
  });

  it('lets only the active one change rows and checkpoints', async () => {
    await prepareViews(database, VIEWS);
    const records = activeRecords(database, SERVICE);
    await records.take(await records.read(), 'one');
    await records.take(await records.read(), 'successor');
    const events = await stored([buildHistory(1)]);
    const batch = { after: NOWHERE, upTo: events.length, events };
    const by = (holder: string) => ({ ...batch, by: { service: SERVICE, holder } });
    await expect(applyBatch(database, VIEWS, by('one'), () => {})).rejects.toThrow(NoLongerActive);
    const rows = await database.db.selectFrom('read_model_view').select('position').execute();
    expect(rows.every(({ position }) => position === NOWHERE)).toBe(true);
    expect(await applyBatch(database, VIEWS, by('successor'), () => {})).toMatchObject({ outcome: 'applied' });
  });

  it('lets nobody take over while the active one writes, nor for ever when it falls asleep over it', async () => {
    if (database.engine === 'sqlite') return; // its writers wait for each other, on one machine
    const records = activeRecords(database, SERVICE);
    await records.take(await records.read(), 'one');
    const asleep = Promise.withResolvers<void>();
    const wakeUp = Promise.withResolvers<void>();
    const writing = database
      .transaction(async (session) => {
        await assertActive(session, { service: SERVICE, holder: 'one' });
        asleep.resolve();
        await wakeUp.promise;
        await sql`update read_model_active set beat = 99`.execute(session.db);
      })
      .then(
        () => 'written',
        () => 'refused',
      );
    await asleep.promise;
    const successor = activeRecords(other, SERVICE);
    const seen = await successor.read();
    const startedAt = performance.now();
    expect(await successor.take(seen, 'successor')).toBe(true); // once the server has ended the transaction
    expect(performance.now() - startedAt).toBeGreaterThan(2_000);
    wakeUp.resolve();
    expect(await writing).toBe('refused');
    await until(async () => (await successor.read()).holder === 'successor', LIMIT);
    expect((await successor.read()).beat).toBe(seen.beat + 1);
  }, 60_000);
});
