import type { Role } from '@slipway/contracts';
import type { Database } from '../database/open-database.js';
import { pageOfRows, ROWS_A_PAGE, type PageOfRows } from '../database/page-of-rows.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { memberTable, namespaceTable, type MemberRow, type NamespaceRow } from './table.js';

/** Which namespaces: those where a user is a member, one of them, or all there are. */
export interface NamespaceScope {
  readonly member?: string | undefined;
  readonly name?: string | undefined;
}

export interface NamespaceQueries {
  readonly get: (name: string) => Promise<NamespaceRow | undefined>;
  /** `page` counts from 1. */
  readonly list: (scope: NamespaceScope, link: { readonly page: number }) => Promise<PageOfRows<NamespaceRow>>;
  readonly members: (namespace: string, link: { readonly page: number }) => Promise<PageOfRows<MemberRow>>;
  /** What a user is, by the namespaces where they are a member. */
  readonly rolesOf: (userName: string) => Promise<Readonly<Record<string, Role>>>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const namespaceQueries = (database: Database): NamespaceQueries => ({
  get: (name) => available(() => getNamespace(database, name)),
  list: (scope, link) => available(() => listNamespaces(database, scope, link)),
  members: (namespace, link) => available(() => listMembers(database, namespace, link)),
  rolesOf: (userName) => available(() => rolesOf(database, userName)),
});

async function getNamespace({ db }: Database, name: string): Promise<NamespaceRow | undefined> {
  const stored = await db
    .selectFrom('namespace')
    .select(columnsOf(namespaceTable))
    .where('name', '=', name)
    .executeTakeFirst();
  return stored && decodeRow(namespaceTable, stored);
}

async function listNamespaces(
  { db }: Database,
  { member, name }: NamespaceScope,
  { page }: { readonly page: number },
): Promise<PageOfRows<NamespaceRow>> {
  const listed = db
    .selectFrom('namespace')
    .$if(name !== undefined, (query) => query.where('name', '=', name))
    .$if(member !== undefined, (query) =>
      query.where('name', 'in', db.selectFrom('namespace_member').select('namespace').where('user_name', '=', member)),
    );
  const counted = await listed.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const stored = await listed
    .select(columnsOf(namespaceTable))
    .orderBy('name')
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  return pageOfRows(
    stored.map((row) => decodeRow(namespaceTable, row)),
    { page, count: Number(counted?.count ?? 0) },
  );
}

async function listMembers(
  { db }: Database,
  namespace: string,
  { page }: { readonly page: number },
): Promise<PageOfRows<MemberRow>> {
  const listed = db.selectFrom('namespace_member').where('namespace', '=', namespace);
  const counted = await listed.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const stored = await listed
    .select(columnsOf(memberTable))
    .orderBy('user_name')
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  return pageOfRows(
    stored.map((row) => decodeRow(memberTable, row)),
    { page, count: Number(counted?.count ?? 0) },
  );
}

async function rolesOf({ db }: Database, userName: string): Promise<Readonly<Record<string, Role>>> {
  const rows = await db
    .selectFrom('namespace_member')
    .select(['namespace', 'role'])
    .where('user_name', '=', userName)
    .execute();
  return Object.fromEntries(rows.map(({ namespace, role }) => [namespace, role as Role]));
}
