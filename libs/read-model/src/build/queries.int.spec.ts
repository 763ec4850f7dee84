import type { BuildSpec } from '@slipway/contracts';
import { openDatabase, type Database } from '../database/open-database.js';
import { buildHistory, onEachDatabase, stored, type TestDatabase } from '../fixtures/index.js';
import { openReadModel, type ReadModel } from '../read-model.js';
import { applyBatch } from '../views/apply-batch.js';
import { prepareViews } from '../views/prepare.js';
import { NOWHERE } from '../views/registry.js';
import { VIEWS } from '../views/views.js';
import type { BuildPage, BuildScope, PageLink } from './queries.js';

const BUILDS = 2_503;
const scope: BuildScope = { namespace: 'alice' };

onEachDatabase((fresh) => {
  let place: TestDatabase;
  let database: Database;
  let readModel: ReadModel;
  let known = 0;

  /** Every fifth is bob's. */
  const request = async (builds: number): Promise<void> => {
    const histories = Array.from({ length: builds }, (_, index) => {
      const number = known + index;
      const spec: Partial<BuildSpec> =
        number % 5 === 4
          ? { namespace: 'bob', repoName: 'tool', requestedBy: 'bob' }
          : { repoName: number % 5 === 3 ? 'lib' : 'app' };
      return buildHistory(number, { spec, end: 'requested' });
    });
    const events = (await stored(histories)).map((event, index) => ({ ...event, position: known + index + 1 }));
    await applyBatch(database, VIEWS, { after: known || NOWHERE, upTo: known + builds, events }, () => {});
    known += builds;
  };

  beforeAll(async () => {
    place = await fresh();
    database = openDatabase(place.url);
    readModel = openReadModel(place.url, { readOnly: true });
    await prepareViews(database, VIEWS);
    await request(BUILDS);
  });
  afterAll(async () => {
    await readModel.close();
    await database.close();
  });

  const positionsOf = ({ rows }: BuildPage): readonly number[] => rows.map(({ position }) => position);
  const walk = async (from: PageLink, to: 'next' | 'previous', on: BuildScope = scope): Promise<BuildPage[]> => {
    const pages: BuildPage[] = [];
    for (let link: PageLink | null = from; link; link = pages.at(-1)?.[to] ?? null)
      pages.push(await readModel.builds.list(on, link));
    return pages;
  };
  /** Newest first. */
  const positionsWhere = (isIn: (index: number) => boolean): readonly number[] =>
    Array.from({ length: known }, (_, index) => index)
      .filter(isIn)
      .map((index) => index + 1)
      .reverse();

  it('shows every build once, newest first, by following next', async () => {
    const pages = await walk({ page: 1 }, 'next');
    expect(pages.flatMap(positionsOf)).toEqual(positionsWhere((index) => index % 5 !== 4));
    expect(
      pages
        .map(({ rows }) => rows.length)
        .slice(0, -1)
        .every((length) => length === 20),
    ).toBe(true);
    expect(pages[0]).toMatchObject({ count: 2_003, previous: null, next: { page: 2 } });
  });

  it('goes all the way back by following previous', async () => {
    const pages = await walk({ page: 101 }, 'previous');
    expect(pages.reverse().flatMap(positionsOf)).toEqual(positionsWhere((index) => index % 5 !== 4));
  });

  it('shows the same page by its number as by following', async () => {
    const pages = await walk({ page: 1 }, 'next');
    for (const page of [1, 2, 50, 51, 99, 100, 101]) {
      const bare = await readModel.builds.list(scope, { page });
      expect(positionsOf(bare)).toEqual(positionsOf(pages[page - 1] as BuildPage));
      expect(bare.next).toEqual(pages[page - 1]?.next);
    }
  });

  it('is empty beyond the end, and knows the way back', async () =>
    expect(await readModel.builds.list(scope, { page: 500 })).toEqual({
      count: 2_003,
      rows: [],
      next: null,
      previous: { page: 101 },
    }));

  it('is empty where there is nothing', async () =>
    expect(await readModel.builds.list({ createdBy: 'nobody' }, { page: 1 })).toEqual({
      count: 0,
      rows: [],
      next: null,
      previous: null,
    }));

  it('knows repositories and users apart', async () => {
    const lib = await walk({ page: 1 }, 'next', { namespace: 'alice', repoName: 'lib' });
    expect(lib.flatMap(positionsOf)).toEqual(positionsWhere((index) => index % 5 === 3));
    const bobs = await walk({ page: 1 }, 'next', { createdBy: 'bob' });
    expect(bobs.flatMap(positionsOf)).toEqual(positionsWhere((index) => index % 5 === 4));
    expect(bobs[0]?.count).toBe(500);
  });

  it('loses and repeats nothing while builds arrive', async () => {
    const wanted = positionsWhere((index) => index % 5 !== 4);
    const seen: number[] = [];
    let page = await readModel.builds.list(scope, { page: 1 });
    for (;;) {
      seen.push(...positionsOf(page));
      if (!page.next) break;
      if (page.next.page % 10 === 0) await request(7);
      page = await readModel.builds.list(scope, page.next);
    }
    expect(seen).toEqual(wanted);
    const back = (await walk({ page: 101, before: seen.at(-1) }, 'previous')).reverse().flatMap(positionsOf);
    expect(back).toEqual(positionsWhere((index) => index % 5 !== 4).slice(0, -1));
  });
});
