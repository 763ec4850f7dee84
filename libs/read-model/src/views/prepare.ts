import { sql } from 'kysely';
import type { Database, Session } from '../database/open-database.js';
import { createTableSql, type TableShape } from '../database/table.js';
import { createRegistry, lockRegistry, NOWHERE } from './registry.js';
import type { View } from './view.js';

/** Any number, the same in every process: two services that start at once make the tables once. */
const PREPARE_LOCK = 4_711_001;

/** Makes what is missing. A view whose version differs from the code's is left as it is, and named in the answer. */
export function prepareViews(database: Database, views: readonly View[]): Promise<readonly View[]> {
  return database.transaction(async (session) => {
    if (session.engine === 'postgres') await sql`select pg_advisory_xact_lock(${PREPARE_LOCK})`.execute(session.db);
    await createRegistry(session);
    const known = await lockRegistry(session);
    for (const view of views.filter(({ name }) => !known.has(name))) await createView(session, view);
    return views.filter(({ name, version }) => known.has(name) && known.get(name)?.version !== version);
  });
}

async function createView(session: Session, { name: view, version, tables }: View): Promise<void> {
  const generation = 1;
  for (const table of tables) await createTable(session, table, { physical: table.name, generation });
  await session.db
    .insertInto('read_model_view')
    .values({ view, version, generation, newest_generation: generation, position: NOWHERE })
    .execute();
}

export async function createTable(
  { engine, db }: Session,
  table: TableShape,
  name: { readonly physical: string; readonly generation: number },
): Promise<void> {
  for (const statement of createTableSql(engine, table, name)) await sql.raw(statement).execute(db);
}
