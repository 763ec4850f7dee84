import type { BuildStatus } from '@slipway/contracts';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Database, Schema } from '../database/open-database.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { buildTable, countScope, LISTED_COLUMNS, type BuildRow, type ListedBuild } from './table.js';

export const BUILDS_A_PAGE = 20;

/**
 * Whose builds: of a namespace, of one of its repositories, or of a user. `since`: only builds after this position, as
 * those of the present repository are, and none of another one that had its name before.
 */
export type BuildScope =
  | { readonly namespace: string; readonly repoName?: string | undefined; readonly since?: number | undefined }
  | { readonly createdBy: string };

/** What is left out of the list. Times are ISO 8601 UTC with milliseconds, both included; `commit` is a whole commit id. */
export interface BuildFilter {
  readonly status?: BuildStatus | undefined;
  readonly tag?: string | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
  readonly commit?: string | undefined;
}

/**
 * Which page. `after`: the builds that follow this position in the list (older ones); `before`: those that precede it
 * (newer ones). A link with a cursor loses and repeats nothing when builds arrive; a bare page is a place in the list.
 */
export interface PageLink {
  /** From 1. */
  readonly page: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

export interface BuildPage {
  readonly count: number;
  /** Newest first. */
  readonly rows: readonly ListedBuild[];
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
}

export interface BuildQueries {
  readonly get: (buildId: string) => Promise<BuildRow | undefined>;
  /**
   * Next and previous cost the same wherever they are; a bare page is served from the nearer end of an index.
   * With another filter than the status the builds that pass it are counted in an index.
   */
  readonly list: (scope: BuildScope, link: PageLink, filter?: BuildFilter) => Promise<BuildPage>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const buildQueries = (database: Database): BuildQueries => ({
  get: (buildId) => available(() => getBuild(database, buildId)),
  list: (scope, link, filter = {}) => available(() => listBuilds(database, { scope, filter }, link)),
});

async function getBuild({ db }: Database, buildId: string): Promise<BuildRow | undefined> {
  const stored = await db
    .selectFrom('build')
    .select(columnsOf(buildTable))
    .where('build_id', '=', buildId)
    .executeTakeFirst();
  return stored && decodeRow(buildTable, stored);
}

interface Selection {
  readonly scope: BuildScope;
  readonly filter: BuildFilter;
}

async function listBuilds(database: Database, selection: Selection, link: PageLink): Promise<BuildPage> {
  const positions = positionsIn(database, selection);
  const { status, ...rest } = selection.filter;
  const isCounted = sinceOf(selection.scope) === undefined && Object.values(rest).every((value) => value === undefined);
  const count = await (isCounted ? countBuilds(database, selection.scope, status) : countPositions(positions));
  if (link.after !== undefined) return follow(database, { count, page: link.page }, positions, link.after);
  if (link.before !== undefined) return precede(database, { count, page: link.page }, positions, link.before);
  return at(database, { count, page: link.page }, positions);
}

async function countPositions(positions: Positions): Promise<number> {
  const { count } = await positions
    .clearSelect()
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countBuilds({ db }: Database, scope: BuildScope, status: BuildStatus | undefined): Promise<number> {
  const row = await db
    .selectFrom('build_count')
    .select('builds')
    .where('scope', '=', status === undefined ? scopeKey(scope) : countScope.status(scopeKey(scope), status))
    .executeTakeFirst();
  return Number(row?.builds ?? 0);
}

const sinceOf = (scope: BuildScope): number | undefined => ('since' in scope ? scope.since : undefined);

function scopeKey(scope: BuildScope): string {
  if ('createdBy' in scope) return countScope.creator(scope.createdBy);
  const { namespace, repoName } = scope;
  return repoName === undefined ? countScope.namespace(namespace) : countScope.repository(namespace, repoName);
}

type Positions = SelectQueryBuilder<Schema, 'build', { position: unknown }>;

type Condition = readonly [
  column: keyof BuildRow,
  operator: '=' | '>' | '>=' | '<=',
  value: string | number | undefined,
];

/** Only positions: an index alone answers it, but for a commit. */
function positionsIn({ db, engine }: Database, selection: Selection): Positions {
  const { scope, filter } = selection;
  const conditions: readonly Condition[] = [
    ['created_by', '=', 'createdBy' in scope ? scope.createdBy : undefined],
    ['namespace', '=', 'namespace' in scope ? scope.namespace : undefined],
    ['repo_name', '=', 'namespace' in scope ? scope.repoName : undefined],
    ['position', '>', sinceOf(scope)],
    ['status', '=', filter.status],
    ['docker_repo_tag', '=', filter.tag],
    ['created_at', '>=', filter.createdFrom],
    ['created_at', '<=', filter.createdTo],
    ['code_head_commit', '=', filter.commit],
  ];
  const removedAt = engine === 'sqlite' ? sql<string | null>`+removed_at` : 'removed_at';
  const listed: Positions = db.selectFrom('build').select('position').where(removedAt, 'is', null);
  return conditions.reduce((query, [column, operator, value]) => {
    if (value === undefined) return query;
    const isHidden = engine === 'sqlite' && !mayChooseIndex(column, selection);
    return query.where(isHidden ? sql<string>`+${sql.ref(column)}` : column, operator, value);
  }, listed);
}

/**
 * SQLite chooses an index without knowing what is in the tables, so it is kept from the wrong ones by a `+`
 * (https://www.sqlite.org/optoverview.html, "Disqualifying WHERE-Clause Terms Using Unary +"): few builds have one
 * commit, and a span of time says less than anything else. PostgreSQL knows by itself.
 */
function mayChooseIndex(column: keyof BuildRow, { scope, filter }: Selection): boolean {
  if (filter.commit !== undefined) return column === 'code_head_commit';
  const isNarrow = 'createdBy' in scope || scope.repoName !== undefined || filter.status !== undefined;
  return column !== 'created_at' || !(isNarrow || filter.tag !== undefined);
}

interface Where {
  readonly count: number;
  readonly page: number;
}

async function follow(
  database: Database,
  { count, page }: Where,
  positions: Positions,
  after: number,
): Promise<BuildPage> {
  const query = positions
    .where('position', '<', after)
    .orderBy('position', 'desc')
    .limit(BUILDS_A_PAGE + 1);
  const found = await rowsAt(database, query);
  return pageOf(found.slice(0, BUILDS_A_PAGE), {
    count,
    page,
    hasNext: found.length > BUILDS_A_PAGE,
    hasPrevious: page > 1,
  });
}

async function precede(
  database: Database,
  { count, page }: Where,
  positions: Positions,
  before: number,
): Promise<BuildPage> {
  const query = positions
    .where('position', '>', before)
    .orderBy('position', 'asc')
    .limit(BUILDS_A_PAGE + 1);
  const found = await rowsAt(database, query);
  const hasPrevious = found.length > BUILDS_A_PAGE;
  return pageOf(hasPrevious ? found.slice(1) : found, { count, page, hasNext: true, hasPrevious });
}

/** The place in the list, from whichever end is nearer. */
async function at(database: Database, { count, page }: Where, positions: Positions): Promise<BuildPage> {
  const fromNewest = (page - 1) * BUILDS_A_PAGE;
  const size = Math.min(BUILDS_A_PAGE, count - fromNewest);
  if (size <= 0) return { count, rows: [], next: null, previous: page > 1 ? lastPage(count) : null };
  const fromOldest = count - fromNewest - size;
  const query =
    fromNewest <= fromOldest
      ? positions.orderBy('position', 'desc').offset(fromNewest)
      : positions.orderBy('position', 'asc').offset(fromOldest);
  const rows = await rowsAt(database, query.limit(size));
  return pageOf(rows, { count, page, hasNext: fromOldest > 0, hasPrevious: page > 1 });
}

const lastPage = (count: number): PageLink => ({ page: Math.max(1, Math.ceil(count / BUILDS_A_PAGE)) });

/** Newest first, whatever the order of `positions`. */
async function rowsAt({ db }: Database, positions: Positions): Promise<readonly ListedBuild[]> {
  const stored = await db
    .selectFrom('build')
    .select(LISTED_COLUMNS)
    .where('position', 'in', db.selectFrom(positions.as('page')).select('page.position'))
    .orderBy('position', 'desc')
    .execute();
  return stored.map((row) => decodeRow<BuildRow, keyof ListedBuild>(buildTable, row));
}

function pageOf(
  rows: readonly ListedBuild[],
  { count, page, hasNext, hasPrevious }: Where & { readonly hasNext: boolean; readonly hasPrevious: boolean },
): BuildPage {
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    count,
    rows,
    next: hasNext && last ? { page: page + 1, after: last.position } : null,
    previous: hasPrevious && first ? { page: Math.max(1, page - 1), before: first.position } : null,
  };
}
