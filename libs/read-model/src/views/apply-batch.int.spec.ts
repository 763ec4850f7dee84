import type { BuildEvent } from '@slipway/contracts';
import { buildCodec, type StoredEvent } from '@slipway/event-store';
import { buildProjection } from '../build/projection.js';
import type { BuildRow } from '../build/table.js';
import { openDatabase, type Database } from '../database/open-database.js';
import { buildHistory, dump, logHistory, mixedHistory, onEachDatabase, stored } from '../fixtures/index.js';
import { openReadModel } from '../read-model.js';
import { applyBatch, resumeAfter, type EventBatch } from './apply-batch.js';
import { prepareViews } from './prepare.js';
import { advanceCheckpoint, NOWHERE } from './registry.js';
import type { OnPoison, View } from './view.js';
import { VIEWS } from './views.js';

const noPoison: OnPoison = (event, error) => {
  throw new Error(`poison ${event.type}`, { cause: error });
};

/** Batches of `size` events over the whole of it. */
function batches(events: readonly StoredEvent[], size: number): readonly EventBatch[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, index) => {
    const part = events.slice(index * size, (index + 1) * size);
    return { after: index === 0 ? NOWHERE : index * size, upTo: part.at(-1)?.position ?? 0, events: part };
  });
}

onEachDatabase((fresh) => {
  let database: Database;
  let url: string;
  let events: readonly StoredEvent[];

  beforeAll(async () => {
    events = await stored(mixedHistory(40));
  });
  beforeEach(async () => {
    ({ url } = await fresh());
    database = openDatabase(url);
    await prepareViews(database, VIEWS);
  });
  afterEach(() => database.close());

  const applyAll = async (some: readonly EventBatch[], onPoison = noPoison): Promise<void> => {
    for (const batch of some)
      expect(await applyBatch(database, VIEWS, batch, onPoison)).toMatchObject({ outcome: 'applied' });
  };
  const positionsOf = async (): Promise<readonly number[]> =>
    (await database.db.selectFrom('read_model_view').select('position').execute()).map(({ position }) => position);

  it('makes the rows that the fold of the events makes', async () => {
    await applyAll(batches(events, 37));
    const expected = new Map<string, BuildRow>();
    for (const event of events.filter(({ stream }) => stream.startsWith('build-'))) {
      const decoded = buildCodec.decode(event) as BuildEvent;
      const { buildId } = decoded.data;
      const row = buildProjection.evolve(expected.get(buildId), { event: decoded, position: event.position });
      if (row) expected.set(buildId, row);
    }
    const readModel = openReadModel(url, { readOnly: true });
    expect(expected.size).toBe(40);
    for (const [buildId, row] of expected) expect(await readModel.builds.get(buildId)).toEqual(row);
    await readModel.close();
  });

  it('makes the same rows whatever the size of the batches', async () => {
    await applyAll(batches(events, 7));
    const small = await dump(database, VIEWS);
    const other = openDatabase((await fresh()).url);
    await prepareViews(other, VIEWS);
    await applyBatch(other, VIEWS, { after: NOWHERE, upTo: events.length, events }, noPoison);
    expect(await dump(other, VIEWS)).toEqual(small);
    expect(small['build_count']).toContainEqual({ scope: 'namespace:bob', builds: 13, pushes: 0, pushed_at: null });
    expect(small['log_chunk']?.length).toBe(80);
    await other.close();
  });

  it('keeps no counter that counts nothing, whatever a build was in between', async () => {
    const ended = await stored([buildHistory(1)]);
    await applyAll(batches(ended, 1));
    const one = await dump(database, VIEWS);
    const other = openDatabase((await fresh()).url);
    await prepareViews(other, VIEWS);
    await applyBatch(other, VIEWS, { after: NOWHERE, upTo: ended.length, events: ended }, noPoison);
    expect(await dump(other, VIEWS)).toEqual(one);
    expect(one['build_count']).not.toContainEqual(expect.objectContaining({ scope: 'namespace:alice#I' }));
    await other.close();
  });

  it('changes nothing when batches come again, in other pieces too', async () => {
    await applyAll(batches(events, 50));
    const before = await dump(database, VIEWS);
    await applyAll(batches(events, 50));
    await applyAll(batches(events, 33));
    expect(await dump(database, VIEWS)).toEqual(before);
  });

  it('never lets a checkpoint go back', async () => {
    await applyAll(batches(events, 50));
    await applyAll(batches(events, 50).slice(0, 1));
    await database.transaction((session) => advanceCheckpoint(session, 'build', 3));
    expect(new Set(await positionsOf())).toEqual(new Set([events.length]));
  });

  it('applies only what comes after a checkpoint in the midst of a batch', async () => {
    const head = events.slice(0, 101);
    await applyAll([{ after: NOWHERE, upTo: 101, events: head }]);
    await applyAll([{ after: 50, upTo: events.length, events: events.slice(50) }]);
    const whole = await dump(database, VIEWS);
    const other = openDatabase((await fresh()).url);
    await prepareViews(other, VIEWS);
    for (const batch of batches(events, 500)) await applyBatch(other, VIEWS, batch, noPoison);
    expect(await dump(other, VIEWS)).toEqual(whole);
    await other.close();
  });

  it('refuses a batch that would leave events out', async () => {
    const [first, second, third] = batches(events, 50) as [EventBatch, EventBatch, EventBatch];
    await applyAll([first]);
    expect(await applyBatch(database, VIEWS, third, noPoison)).toMatchObject({ outcome: 'gap' });
    expect(new Set(await positionsOf())).toEqual(new Set([50]));
    expect(await resumeAfter(database, VIEWS)).toBe(50);
    await applyAll([second, third]);
  });

  it('leaves neither rows nor a checkpoint when it fails on the way', async () => {
    const [first, second] = batches(events, 60) as [EventBatch, EventBatch];
    await applyAll([first]);
    const before = await dump(database, VIEWS);
    const failing: View = {
      ...(VIEWS[3] as View),
      prefix: 'build-',
      project: () => Promise.reject(new Error('power cut')),
    };
    const views = [...VIEWS.slice(0, 3), failing];
    await expect(applyBatch(database, views, second, noPoison)).rejects.toThrow('power cut');
    expect(await dump(database, VIEWS)).toEqual(before);
    expect(new Set(await positionsOf())).toEqual(new Set([60]));
    await applyAll([second]);
    expect(new Set(await positionsOf())).toEqual(new Set([120]));
  });

  it('lets several processes apply the same events', async () => {
    const others = [openDatabase(url), openDatabase(url)];
    const pieces = batches(events, 20);
    await Promise.all(
      [database, ...others].map(async (each) => {
        for (const batch of pieces)
          expect(await applyBatch(each, VIEWS, batch, noPoison)).toMatchObject({ outcome: 'applied' });
      }),
    );
    const together = await dump(database, VIEWS);
    const alone = openDatabase((await fresh()).url);
    await prepareViews(alone, VIEWS);
    for (const batch of pieces) await applyBatch(alone, VIEWS, batch, noPoison);
    expect(await dump(alone, VIEWS)).toEqual(together);
    for (const each of [alone, ...others]) await each.close();
  });

  it('passes over what it cannot read, and says so; unknown events in silence', async () => {
    const [chunk, ...rest] = await stored([logHistory(1, { chunks: 3 })]);
    const bad = events.map((event): StoredEvent => {
      if (event.position === 9) return { ...event, type: 'SomethingNew' };
      return event.position === 10 ? { ...event, data: { buildId: 'no uuid' } } : event;
    });
    const broken = { ...chunk, data: 'no bytes', position: events.length + 1 } as StoredEvent;
    const later = rest.map((event, index) => ({ ...event, position: events.length + 2 + index }));
    const poisoned: number[] = [];
    const all = [...bad, broken, ...later];
    const onPoison: OnPoison = ({ position }) => void poisoned.push(position);
    await applyAll([{ after: NOWHERE, upTo: all.length, events: all }], onPoison);
    expect(poisoned).toEqual([10, events.length + 1]);
    expect(new Set(await positionsOf())).toEqual(new Set([all.length]));
  });

  it('leaves a view of another version alone', async () => {
    const [builds, ...others] = VIEWS as [View, ...View[]];
    const newer = [{ ...builds, version: builds.version + 1 }, ...others];
    expect(await prepareViews(database, newer)).toEqual([newer[0]]);
    const applied = await applyBatch(database, newer, { after: NOWHERE, upTo: events.length, events }, noPoison);
    expect(applied).toMatchObject({ outcome: 'applied' });
    const tables = await dump(database, VIEWS);
    expect(tables['build']).toEqual([]);
    expect(tables['log_chunk']).not.toEqual([]);
    const readModel = openReadModel(url, { readOnly: true });
    expect(await readModel.checkpoints.of('build')).toBe(NOWHERE);
    expect(await readModel.checkpoints.of('log')).toBe(events.length);
    await readModel.close();
  });

  it('makes its tables once, however many start at the same time', async () => {
    const other = await fresh();
    const databases = Array.from({ length: 4 }, () => openDatabase(other.url));
    expect(await Promise.all(databases.map((each) => prepareViews(each, VIEWS)))).toEqual([[], [], [], []]);
    for (const each of databases) await each.close();
  });
});
