import type { Database } from '../database/open-database.js';
import { pageOfRows, ROWS_A_PAGE, type PageOfRows } from '../database/page-of-rows.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { robotTable, type RobotRow } from './table.js';

export interface RobotQueries {
  /**
   * Which robot's token has this hash (SHA-256, hex). `undefined`: none's, or its namespace is that of a user who is not
   * active. It may have expired.
   */
  readonly byTokenHash: (tokenHash: string) => Promise<RobotRow | undefined>;
  readonly list: (namespace: string, link: { readonly page: number }) => Promise<PageOfRows<RobotRow>>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const robotQueries = (database: Database): RobotQueries => ({
  byTokenHash: (tokenHash) => available(() => robotByTokenHash(database, tokenHash)),
  list: (namespace, link) => available(() => listRobots(database, namespace, link)),
});

async function robotByTokenHash({ db }: Database, tokenHash: string): Promise<RobotRow | undefined> {
  const stored = await db
    .selectFrom('robot')
    .select(columnsOf(robotTable))
    .where('token_hash', '=', tokenHash)
    .where('namespace', 'not in', db.selectFrom('user_account').select('name').where('is_active', '=', 0))
    .executeTakeFirst();
  return stored && decodeRow(robotTable, stored);
}

async function listRobots(
  { db }: Database,
  namespace: string,
  { page }: { readonly page: number },
): Promise<PageOfRows<RobotRow>> {
  const listed = db.selectFrom('robot').where('namespace', '=', namespace);
  const counted = await listed.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const stored = await listed
    .select(columnsOf(robotTable))
    .orderBy('label')
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  return pageOfRows(
    stored.map((row) => decodeRow(robotTable, row)),
    { page, count: Number(counted?.count ?? 0) },
  );
}
