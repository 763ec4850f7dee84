import { sql } from 'kysely';
import type { Session } from '../database/open-database.js';

/** Of a view that has seen no event: before the first position there is. */
export const NOWHERE = -1;

/** What the database knows about one view. `position`: its checkpoint. */
export interface RegistryRow {
  readonly view: string;
  /** Schema version of its tables. */
  readonly version: number;
  /** Of the live tables. */
  readonly generation: number;
  /** The newest generation anybody began. An older rebuild that still runs finds out by it, and ends. */
  readonly newest_generation: number;
  readonly position: number;
}

export async function createRegistry({ db, engine }: Session): Promise<void> {
  const int = engine === 'postgres' ? 'bigint' : 'integer';
  await sql`create table if not exists read_model_view (
    view text not null primary key, version ${sql.raw(int)} not null, generation ${sql.raw(int)} not null,
    newest_generation ${sql.raw(int)} not null, position ${sql.raw(int)} not null)`.execute(db);
}

/** All views; inside a transaction that writes nobody else gets past this line before it ends. */
export async function lockRegistry({ db, engine }: Session): Promise<ReadonlyMap<string, RegistryRow>> {
  const query = db.selectFrom('read_model_view').selectAll().orderBy('view');
  // SQLite's transactions hold the only write lock already.
  const rows = await (engine === 'postgres' ? query.forUpdate() : query).execute();
  return new Map(rows.map((row) => [row.view, row]));
}

/** A checkpoint never goes back: a smaller position changes nothing. */
export async function advanceCheckpoint({ db }: Session, view: string, position: number): Promise<void> {
  await db
    .updateTable('read_model_view')
    .set({ position })
    .where('view', '=', view)
    .where('position', '<', position)
    .execute();
}
