import type { BuildSpec } from '@slipway/contracts';
import { temporaryDirectory } from '@slipway/testing';
import { CompiledQuery, type KyselyPlugin } from 'kysely';
import { openDatabase, type Database } from '../database/open-database.js';
import { buildHistory, commit, instant, onEachDatabase, stored, type BuildStory } from '../fixtures/index.js';
import { openReadModel, type ReadModel } from '../read-model.js';
import { applyBatch } from '../views/apply-batch.js';
import { prepareViews } from '../views/prepare.js';
import { NOWHERE } from '../views/registry.js';
import { VIEWS } from '../views/views.js';
import { buildQueries, type BuildFilter, type BuildPage, type BuildScope } from './queries.js';

const BUILDS = 300;
const ENDS = ['requested', 'running', 'failed'] as const;

interface Told {
  readonly number: number;
  readonly end: NonNullable<BuildStory['end']>;
  readonly tag: string;
  readonly namespace: string;
  readonly commit: string | null;
  readonly isRemoved: boolean;
}

/** Build `number` was requested `number` seconds after the first. */
const told: readonly Told[] = Array.from({ length: BUILDS }, (_, number) => {
  const end = ENDS[number % 3] ?? 'requested';
  return {
    number,
    end,
    tag: number % 7 === 0 ? 'rare' : 'latest',
    namespace: number % 4 === 3 ? 'bob' : 'alice',
    commit: end === 'requested' ? null : commit,
    isRemoved: end === 'failed' && number % 5 === 0,
  };
});

onEachDatabase((fresh) => {
  let database: Database;
  let readModel: ReadModel;

  beforeAll(async () => {
    const { url } = await fresh();
    database = openDatabase(url);
    readModel = openReadModel(url, { readOnly: true });
    await prepareViews(database, VIEWS);
    const events = await stored(
      told.map(({ number, end, tag, namespace, isRemoved }) => {
        const spec: Partial<BuildSpec> = { namespace, dockerRepoTag: tag, requestedBy: 'carol' };
        return buildHistory(number, { spec, end, steps: 1, isRemoved });
      }),
    );
    const upTo = events.at(-1)?.position ?? 0;
    await applyBatch(database, VIEWS, { after: NOWHERE, upTo, events }, () => {});
  });
  afterAll(async () => {
    await readModel.close();
    await database.close();
  });

  const walk = async (scope: BuildScope, filter: BuildFilter): Promise<readonly BuildPage[]> => {
    const pages = [await readModel.builds.list(scope, { page: 1 }, filter)];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(await readModel.builds.list(scope, next, filter));
    return pages;
  };
  const createdAt = (pages: readonly BuildPage[]): readonly string[] =>
    pages.flatMap(({ rows }) => rows.map(({ created_at }) => created_at));
  /** Newest first. */
  const wanted = (passes: (build: Told) => boolean): readonly string[] =>
    told
      .filter((build) => passes(build) && !build.isRemoved)
      .map(({ number }) => instant(number))
      .reverse();

  const alice = { namespace: 'alice' };
  it.each<[string, BuildScope, BuildFilter, (build: Told) => boolean]>([
    ['a namespace', alice, {}, (b) => b.namespace === 'alice'],
    ['a status', alice, { status: 'F' }, (b) => b.namespace === 'alice' && b.end === 'failed'],
    ['a tag', alice, { tag: 'rare' }, (b) => b.namespace === 'alice' && b.tag === 'rare'],
    ['a commit', alice, { commit }, (b) => b.namespace === 'alice' && b.commit === commit],
    [
      'a time, both ends included',
      alice,
      { createdFrom: instant(50), createdTo: instant(200) },
      (b) => b.namespace === 'alice' && b.number >= 50 && b.number <= 200,
    ],
    ['a creator and a status', { createdBy: 'carol' }, { status: 'W' }, (b) => b.end === 'requested'],
    [
      'a repository and everything',
      { namespace: 'alice', repoName: 'app' },
      { status: 'I', tag: 'latest', commit, createdFrom: instant(1), createdTo: instant(299) },
      (b) => b.namespace === 'alice' && b.end === 'running' && b.tag === 'latest',
    ],
  ])('shows each build of %s once, and counts them', async (_, scope, filter, passes) => {
    const pages = await walk(scope, filter);
    const expected = wanted(passes);
    expect(createdAt(pages)).toEqual(expected);
    expect(new Set(pages.map(({ count }) => count))).toEqual(new Set([expected.length]));
    const { rows } = await readModel.builds.list(scope, { page: pages.length }, filter);
    expect(rows.map(({ created_at }) => created_at)).toEqual(expected.slice((pages.length - 1) * 20));
  });

  it('is empty where nothing passes', async () =>
    expect(await readModel.builds.list({ namespace: 'alice' }, { page: 1 }, { tag: 'none' })).toEqual({
      count: 0,
      rows: [],
      next: null,
      previous: null,
    }));
});

describe('SQLite', () => {
  const directory = temporaryDirectory();
  const queries: CompiledQuery[] = [];
  let database: Database;

  beforeAll(async () => {
    const opened = openDatabase(`sqlite:${directory.path}/plans.db`);
    await prepareViews(opened, VIEWS);
    const listen: KyselyPlugin = {
      transformQuery: ({ node, queryId }) => {
        queries.push(opened.db.getExecutor().compileQuery(node, queryId));
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    database = { ...opened, db: opened.db.withPlugin(listen) };
  });
  afterAll(async () => {
    await database.close();
    directory.remove();
  });

  const inNamespace = { namespace: 'a' };
  const inRepository = { namespace: 'a', repoName: 'b' };
  const since = { createdFrom: 'x' };
  it.each<[BuildScope, BuildFilter, RegExp]>([
    [inNamespace, { status: 'F' }, /COVERING INDEX build_by_namespace_status_g/],
    [inNamespace, { status: 'F', tag: 'x', ...since }, /COVERING INDEX build_by_namespace_status_g/],
    [inNamespace, { tag: 'x' }, /COVERING INDEX build_by_namespace_g/],
    [inNamespace, { tag: 'x', ...since }, /COVERING INDEX build_by_namespace_g/],
    [inNamespace, since, /COVERING INDEX build_by_(?:time|namespace)_/],
    [inRepository, { status: 'F', tag: 'x', ...since }, /COVERING INDEX build_by_repository_g/],
    [inRepository, since, /COVERING INDEX build_by_repository_g/],
    [{ createdBy: 'a' }, { status: 'F', tag: 'x', ...since }, /COVERING INDEX build_by_creator_g/],
    [inRepository, { status: 'F', tag: 'x', ...since, commit }, /INDEX build_by_commit_g/],
  ])('looks in the right index for %j with %j', async (scope, filter, index) => {
    queries.length = 0;
    await buildQueries(database).list(scope, { page: 1, after: 1_000 }, filter);
    const [counted, listed] = queries;
    const isCounter = counted?.sql.includes('build_count');
    expect(isCounter).toBe(Object.keys(filter).join() === 'status');
    for (const query of isCounter ? [listed] : [counted, listed]) {
      const explained = CompiledQuery.raw(
        `explain query plan ${query?.sql}`,
        query?.parameters.map(() => 1),
      );
      const { rows } = await database.db.withoutPlugins().executeQuery<{ detail: string }>(explained);
      expect(rows.map(({ detail }) => detail).find((detail) => detail.includes('build_by_'))).toMatch(index);
      expect(rows.map(({ detail }) => detail).join()).not.toMatch(/SCAN build/);
    }
  });
});
