import { sql } from 'kysely';
import type { Database, Session } from '../database/open-database.js';
import { available } from '../database/unavailable.js';

/** Who of several processes of a service is the active one. One row a service. */
export interface ActiveRow {
  readonly service: string;
  readonly holder: string | null;
  readonly beat: number;
}

export interface Active {
  readonly service: string;
  readonly holder: string;
}

/** Somebody else has taken over: nothing was written. */
export class NoLongerActive extends Error {
  override readonly name = 'NoLongerActive';

  constructor({ service, holder }: Active) {
    super(`${holder} is no longer the active one of ${service}`);
  }
}

/** Any number but that of `prepareViews`, the same in every process. */
const PREPARE_LOCK = 4_711_002;

/** Where it is written who is active, in the database that the views are in. @throws READ_MODEL_UNAVAILABLE */
export function activeRecords(database: Database, service: string) {
  let preparing: Promise<void> | undefined;
  const query = <T>(work: () => Promise<T>): Promise<T> =>
    available(async () => {
      try {
        await (preparing ??= prepare(database, service));
        return await work();
      } catch (error) {
        preparing = undefined; // the table may be gone
        throw error;
      }
    });
  /** In a transaction also where it is one statement: SQLite would have the whole process wait for other writers. */
  const write = <T>(work: (session: Session) => Promise<T>): Promise<T> => query(() => database.transaction(work));
  const own = ({ db }: Session, holder: string) =>
    db.updateTable('read_model_active').where('service', '=', service).where('holder', '=', holder);

  return {
    read: () =>
      query(async () => {
        const rows = database.db.selectFrom('read_model_active').select(['holder', 'beat']);
        return rows.where('service', '=', service).executeTakeFirstOrThrow();
      }),

    take: (seen: Pick<ActiveRow, 'holder' | 'beat'>, holder: string) =>
      write(async ({ db }) => {
        const update = db
          .updateTable('read_model_active')
          .set({ holder, beat: seen.beat + 1 })
          .where('service', '=', service)
          .where('beat', '=', seen.beat)
          .where('holder', seen.holder === null ? 'is' : '=', seen.holder);
        return (await update.executeTakeFirst()).numUpdatedRows === 1n;
      }),

    beat: (holder: string) =>
      write(async (session) => {
        const update = own(session, holder).set(({ eb }) => ({ beat: eb('beat', '+', 1) }));
        return (await update.executeTakeFirst()).numUpdatedRows === 1n;
      }),

    leave: (holder: string) =>
      write(async (session) => {
        await own(session, holder)
          .set(({ eb }) => ({ holder: null, beat: eb('beat', '+', 1) }))
          .execute();
      }),
  };
}

function prepare(database: Database, service: string): Promise<void> {
  return database.transaction(async ({ engine, db }) => {
    if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${PREPARE_LOCK})`.execute(db);
    const int = sql.raw(engine === 'postgres' ? 'bigint' : 'integer');
    await sql`create table if not exists read_model_active (
      service text not null primary key, holder text, beat ${int} not null)`.execute(db);
    const row = db.insertInto('read_model_active').values({ service, holder: null, beat: 0 });
    await row.onConflict((conflict) => conflict.doNothing()).execute();
  });
}

/**
 * Whoever is not the active one writes nothing: until the transaction ends nobody can take over, and whoever has been
 * taken over from finds it out here. @throws NoLongerActive
 */
export async function assertActive({ engine, db }: Session, active: Active): Promise<void> {
  const query = db.selectFrom('read_model_active').select('holder').where('service', '=', active.service);
  const row = await (engine === 'postgres' ? query.forShare() : query).executeTakeFirst();
  if (row?.holder !== active.holder) throw new NoLongerActive(active);
}
