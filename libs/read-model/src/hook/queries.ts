import type { PageLink } from '../build/queries.js';
import type { Database } from '../database/open-database.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { hookTable, type HookRow } from './table.js';

const HOOKS_A_PAGE = 20;

export interface HookPage {
  readonly count: number;
  /** The oldest first. */
  readonly rows: readonly HookRow[];
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
}

export interface HookQueries {
  readonly get: (namespace: string, hookId: string) => Promise<HookRow | undefined>;
  /** `page` counts from 1. */
  readonly list: (namespace: string, link: { readonly page: number }) => Promise<HookPage>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const hookQueries = (database: Database): HookQueries => ({
  get: (namespace, hookId) => available(() => getHook(database, namespace, hookId)),
  list: (namespace, link) => available(() => listHooks(database, namespace, link)),
});

async function getHook({ db }: Database, namespace: string, hookId: string): Promise<HookRow | undefined> {
  const stored = await db
    .selectFrom('hook')
    .select(columnsOf(hookTable))
    .where('hook_id', '=', hookId)
    .where('namespace', '=', namespace)
    .executeTakeFirst();
  return stored && decodeRow(hookTable, stored);
}

async function listHooks({ db }: Database, namespace: string, { page }: { readonly page: number }): Promise<HookPage> {
  const ofNamespace = db.selectFrom('hook').where('namespace', '=', namespace);
  const counted = await ofNamespace.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const count = Number(counted?.count ?? 0);
  const stored = await ofNamespace
    .select(columnsOf(hookTable))
    .orderBy('position', 'asc')
    .offset((page - 1) * HOOKS_A_PAGE)
    .limit(HOOKS_A_PAGE)
    .execute();
  const last = Math.max(1, Math.ceil(count / HOOKS_A_PAGE));
  return {
    count,
    rows: stored.map((row) => decodeRow(hookTable, row)),
    next: page < last ? { page: page + 1 } : null,
    previous: page > 1 ? { page: Math.min(page - 1, last) } : null,
  };
}
