import type { PageLink } from '../build/queries.js';
import { countScope } from '../build/table.js';
import type { Database } from '../database/open-database.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { repositoryTable, type RepositoryRow } from './table.js';
import { repositoryRecord, type Pushes, type RepositoryRecord } from './view.js';

const REPOSITORIES_A_PAGE = 20;

export interface RepositoryPage {
  readonly count: number;
  /** By name. */
  readonly records: readonly RepositoryRecord[];
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
}

export interface RepositoryQueries {
  readonly get: (namespace: string, repoName: string) => Promise<RepositoryRecord | undefined>;
  /** `page` counts from 1. */
  readonly list: (
    scope: { readonly namespace: string; readonly publicOnly: boolean },
    link: { readonly page: number },
  ) => Promise<RepositoryPage>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const repositoryQueries = (database: Database): RepositoryQueries => ({
  get: (namespace, repoName) => available(() => getRepository(database, namespace, repoName)),
  list: (scope, link) => available(() => listRepositories(database, scope, link)),
});

async function getRepository(
  database: Database,
  namespace: string,
  repoName: string,
): Promise<RepositoryRecord | undefined> {
  const stored = await database.db
    .selectFrom('repository')
    .select(columnsOf(repositoryTable))
    .where('namespace', '=', namespace)
    .where('repo_name', '=', repoName)
    .executeTakeFirst();
  if (!stored) return undefined;
  const row = decodeRow(repositoryTable, stored);
  const pushes = await pushesOf(database, [row]);
  return repositoryRecord(row, pushes.get(row));
}

/** A namespace holds few enough repositories to count and to skip them. */
async function listRepositories(
  database: Database,
  { namespace, publicOnly }: { readonly namespace: string; readonly publicOnly: boolean },
  { page }: { readonly page: number },
): Promise<RepositoryPage> {
  const visible = database.db
    .selectFrom('repository')
    .where('namespace', '=', namespace)
    .where('public_key', 'is not', null) // the last thing its creation tells
    .$if(publicOnly, (query) => query.where('is_public', '=', 1));
  const counted = await visible.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const count = Number(counted?.count ?? 0);
  const stored = await visible
    .select(columnsOf(repositoryTable))
    .orderBy('repo_name')
    .offset((page - 1) * REPOSITORIES_A_PAGE)
    .limit(REPOSITORIES_A_PAGE)
    .execute();
  const rows = stored.map((row) => decodeRow(repositoryTable, row));
  const pushes = await pushesOf(database, rows);
  const last = Math.max(1, Math.ceil(count / REPOSITORIES_A_PAGE));
  return {
    count,
    records: rows.flatMap((row) => repositoryRecord(row, pushes.get(row)) ?? []),
    next: page < last ? { page: page + 1 } : null,
    previous: page > 1 ? { page: Math.min(page - 1, last) } : null,
  };
}

/** A repository that was never pushed to is not in it. */
async function pushesOf({ db }: Database, rows: readonly RepositoryRow[]): Promise<ReadonlyMap<RepositoryRow, Pushes>> {
  const scoped = new Map(rows.flatMap((row) => (row.config_id ? [[countScope.config(row.config_id), row]] : [])));
  if (scoped.size === 0) return new Map();
  const counted = await db
    .selectFrom('build_count')
    .select(['scope', 'pushes', 'pushed_at'])
    .where('scope', 'in', [...scoped.keys()])
    .execute();
  return new Map(
    counted.flatMap(({ scope, pushes, pushed_at }) => {
      const row = scoped.get(scope as string);
      return row ? [[row, { upload: Number(pushes), pushed_at: pushed_at as string | null }]] : [];
    }),
  );
}
