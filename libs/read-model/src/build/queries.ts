import type { BuildStatus } from '@slipway/contracts';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Database, Schema } from '../database/open-database.js';
import { columnsOf, decodeRow, type Stored } from '../database/table.js';
import { templatesOf, type RunTemplate, type Values } from '../database/templates.js';
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
export function buildQueries(database: Database): BuildQueries {
  const parts: Parts = { database, run: templatesOf(database) };
  return {
    get: (buildId) => available(() => getBuild(database, buildId)),
    list: (scope, link, filter = {}) => available(() => listBuilds(parts, selectionOf(scope, filter), link)),
  };
}

interface Parts {
  readonly database: Database;
  readonly run: RunTemplate;
}

async function getBuild({ db }: Database, buildId: string): Promise<BuildRow | undefined> {
  const stored = await db
    .selectFrom('build')
    .select(columnsOf(buildTable))
    .where('build_id', '=', buildId)
    .executeTakeFirst();
  return stored && decodeRow(buildTable, stored);
}

type Condition = readonly [column: keyof BuildRow, operator: '=' | '>' | '>=' | '<='];

/** What is asked of the builds in a list, and of which column. */
const CONDITIONS = {
  createdBy: ['created_by', '='],
  namespace: ['namespace', '='],
  repoName: ['repo_name', '='],
  since: ['position', '>'],
  status: ['status', '='],
  tag: ['docker_repo_tag', '='],
  createdFrom: ['created_at', '>='],
  createdTo: ['created_at', '<='],
  commit: ['code_head_commit', '='],
} as const satisfies Readonly<Record<string, Condition>>;
type Selection = Values<keyof typeof CONDITIONS>;
const NAMES = Object.keys(CONDITIONS) as readonly (keyof typeof CONDITIONS)[];

const selectionOf = (scope: BuildScope, filter: BuildFilter): Selection => {
  const { status, tag, createdFrom, createdTo, commit } = filter;
  return { ...scope, status, tag, createdFrom, createdTo, commit };
};

async function listBuilds(parts: Parts, selection: Selection, link: PageLink): Promise<BuildPage> {
  const count = await (isCounted(selection) ? countBuilds(parts, selection) : countPositions(parts, selection));
  const where = { count, page: link.page };
  if (link.after !== undefined) return follow(parts, where, { ...selection, after: link.after });
  if (link.before !== undefined) return precede(parts, where, { ...selection, before: link.before });
  return at(parts, where, selection);
}

const COUNTED: ReadonlySet<string> = new Set<keyof Selection>(['createdBy', 'namespace', 'repoName', 'status']);
const isCounted = (selection: Selection): boolean =>
  NAMES.every((name) => selection[name] === undefined || COUNTED.has(name));

async function countPositions({ database, run }: Parts, selection: Selection): Promise<number> {
  const [row] = await run('count', selection, (values) =>
    positionsIn(database, values)
      .clearSelect()
      .select(({ fn }) => fn.countAll().as('count')),
  );
  return Number(row?.count ?? 0);
}

async function countBuilds({ database: { db }, run }: Parts, selection: Selection): Promise<number> {
  const scope = countScopeOf(selection);
  const [row] = await run('counted', { scope }, (values) =>
    db.selectFrom('build_count').select('builds').where('scope', '=', values.scope),
  );
  return Number(row?.builds ?? 0);
}

function countScopeOf({ createdBy, namespace, repoName, status }: Selection): string {
  const scope =
    createdBy !== undefined
      ? countScope.creator(`${createdBy}`)
      : repoName === undefined
        ? countScope.namespace(`${namespace}`)
        : countScope.repository(`${namespace}`, `${repoName}`);
  return status === undefined ? scope : countScope.status(scope, status as BuildStatus);
}

type Positions = SelectQueryBuilder<Schema, 'build', { position: unknown }>;

/** Only positions: an index alone answers it, but for a commit. */
function positionsIn({ db, engine }: Database, selection: Selection): Positions {
  const removedAt = engine === 'sqlite' ? sql<string | null>`+removed_at` : 'removed_at';
  const listed: Positions = db.selectFrom('build').select('position').where(removedAt, 'is', null);
  return NAMES.reduce((query, name) => {
    const value = selection[name];
    if (value === undefined) return query;
    const [column, operator]: Condition = CONDITIONS[name];
    const isHidden = engine === 'sqlite' && !mayChooseIndex(column, selection);
    return query.where(isHidden ? sql<string>`+${sql.ref(column)}` : column, operator, value);
  }, listed);
}

/**
 * SQLite chooses an index without knowing what is in the tables, so it is kept from the wrong ones by a `+`
 * (https://www.sqlite.org/optoverview.html, "Disqualifying WHERE-Clause Terms Using Unary +"): few builds have one
 * commit, and a span of time says less than anything else. PostgreSQL knows by itself.
 */
function mayChooseIndex(column: keyof BuildRow, { createdBy, repoName, status, tag, commit }: Selection): boolean {
  if (commit !== undefined) return column === 'code_head_commit';
  const isNarrow = [createdBy, repoName, status, tag].some((value) => value !== undefined);
  return column !== 'created_at' || !isNarrow;
}

interface Where {
  readonly count: number;
  readonly page: number;
}

async function follow(
  { database, run }: Parts,
  { count, page }: Where,
  selection: Selection & Values<'after'>,
): Promise<BuildPage> {
  const found = await run('after', selection, ({ after, ...values }) =>
    rowsAt(
      database,
      positionsIn(database, values)
        .where('position', '<', after)
        .orderBy('position', 'desc')
        .limit(BUILDS_A_PAGE + 1),
    ),
  );
  return pageOf(found.slice(0, BUILDS_A_PAGE), {
    count,
    page,
    hasNext: found.length > BUILDS_A_PAGE,
    hasPrevious: page > 1,
  });
}

async function precede(
  { database, run }: Parts,
  { count, page }: Where,
  selection: Selection & Values<'before'>,
): Promise<BuildPage> {
  const found = await run('before', selection, ({ before, ...values }) =>
    rowsAt(
      database,
      positionsIn(database, values)
        .where('position', '>', before)
        .orderBy('position', 'asc')
        .limit(BUILDS_A_PAGE + 1),
    ),
  );
  const hasPrevious = found.length > BUILDS_A_PAGE;
  return pageOf(hasPrevious ? found.slice(1) : found, { count, page, hasNext: true, hasPrevious });
}

/** The place in the list, from whichever end is nearer. */
async function at({ database, run }: Parts, { count, page }: Where, selection: Selection): Promise<BuildPage> {
  const fromNewest = (page - 1) * BUILDS_A_PAGE;
  const size = Math.min(BUILDS_A_PAGE, count - fromNewest);
  if (size <= 0) return { count, rows: [], next: null, previous: page > 1 ? lastPage(count) : null };
  const fromOldest = count - fromNewest - size;
  const direction = fromNewest <= fromOldest ? 'desc' : 'asc';
  const place = { ...selection, size, offset: Math.min(fromNewest, fromOldest) };
  const rows = await run(direction, place, ({ size: limit, offset, ...values }) => {
    const ordered = positionsIn(database, values).orderBy('position', direction);
    return rowsAt(database, ordered.limit(limit as number).offset(offset as number));
  });
  return pageOf(rows, { count, page, hasNext: fromOldest > 0, hasPrevious: page > 1 });
}

const lastPage = (count: number): PageLink => ({ page: Math.max(1, Math.ceil(count / BUILDS_A_PAGE)) });

/** Newest first, whatever the order of `positions`. */
const rowsAt = ({ db }: Database, positions: Positions) =>
  db
    .selectFrom('build')
    .select(LISTED_COLUMNS)
    .where('position', 'in', db.selectFrom(positions.as('page')).select('page.position'))
    .orderBy('position', 'desc');

function pageOf(
  stored: readonly Stored<ListedBuild>[],
  { count, page, hasNext, hasPrevious }: Where & { readonly hasNext: boolean; readonly hasPrevious: boolean },
): BuildPage {
  const rows = stored.map((row) => decodeRow<BuildRow, keyof ListedBuild>(buildTable, row));
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    count,
    rows,
    next: hasNext && last ? { page: page + 1, after: last.position } : null,
    previous: hasPrevious && first ? { page: Math.max(1, page - 1), before: first.position } : null,
  };
}
