import type { Database } from '../database/open-database.js';
import { pageOfRows, ROWS_A_PAGE, type PageOfRows } from '../database/page-of-rows.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { userTable, userTokenTable, type UserRow, type UserTokenRow } from './table.js';

/** A token and whose it is. */
export interface TokenHolder {
  readonly user: UserRow;
  readonly token: UserTokenRow;
}

export interface UserQueries {
  /** Whose token has this hash (SHA-256, hex). `undefined`: nobody's who is active, or it was revoked. It may have expired. */
  readonly byTokenHash: (tokenHash: string) => Promise<TokenHolder | undefined>;
  readonly get: (name: string) => Promise<UserRow | undefined>;
  readonly list: (link: { readonly page: number }) => Promise<PageOfRows<UserRow>>;
  /** Those that were not revoked, the oldest first. */
  readonly tokens: (userName: string, link: { readonly page: number }) => Promise<PageOfRows<UserTokenRow>>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const userQueries = (database: Database): UserQueries => ({
  byTokenHash: (tokenHash) => available(() => holderOf(database, tokenHash)),
  get: (name) => available(() => getUser(database, name)),
  list: (link) => available(() => listUsers(database, link)),
  tokens: (userName, link) => available(() => listTokens(database, userName, link)),
});

async function holderOf(database: Database, tokenHash: string): Promise<TokenHolder | undefined> {
  const stored = await database.db
    .selectFrom('user_token')
    .select(columnsOf(userTokenTable))
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (!stored) return undefined;
  const token = decodeRow(userTokenTable, stored);
  const user = await getUser(database, token.user_name);
  return user?.is_active === true ? { user, token } : undefined;
}

async function getUser({ db }: Database, name: string): Promise<UserRow | undefined> {
  const stored = await db
    .selectFrom('user_account')
    .select(columnsOf(userTable))
    .where('name', '=', name)
    .executeTakeFirst();
  return stored && decodeRow(userTable, stored);
}

async function listUsers({ db }: Database, { page }: { readonly page: number }): Promise<PageOfRows<UserRow>> {
  const counted = await db
    .selectFrom('user_account')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirst();
  const stored = await db
    .selectFrom('user_account')
    .select(columnsOf(userTable))
    .orderBy('name')
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  return pageOfRows(
    stored.map((row) => decodeRow(userTable, row)),
    { page, count: Number(counted?.count ?? 0) },
  );
}

async function listTokens(
  { db }: Database,
  userName: string,
  { page }: { readonly page: number },
): Promise<PageOfRows<UserTokenRow>> {
  const listed = db.selectFrom('user_token').where('user_name', '=', userName);
  const counted = await listed.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const stored = await listed
    .select(columnsOf(userTokenTable))
    .orderBy('created_at')
    .orderBy('token_id')
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  return pageOfRows(
    stored.map((row) => decodeRow(userTokenTable, row)),
    { page, count: Number(counted?.count ?? 0) },
  );
}
