import type { Database } from '../database/open-database.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { userTable, type UserRow } from './table.js';

export interface UserQueries {
  /** Whose token has this hash (SHA-256, hex). `undefined`: nobody's, or it was revoked. */
  readonly byTokenHash: (tokenHash: string) => Promise<UserRow | undefined>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const userQueries = (database: Database): UserQueries => ({
  byTokenHash: (tokenHash) => available(() => userByTokenHash(database, tokenHash)),
});

async function userByTokenHash({ db }: Database, tokenHash: string): Promise<UserRow | undefined> {
  const stored = await db
    .selectFrom('user_account')
    .select(columnsOf(userTable))
    .where('name', 'in', db.selectFrom('user_token').select('user_name').where('token_hash', '=', tokenHash))
    .executeTakeFirst();
  return stored && decodeRow(userTable, stored);
}
