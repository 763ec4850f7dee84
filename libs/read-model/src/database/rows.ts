import { CompiledQuery, sql } from 'kysely';
import type { Session } from './open-database.js';
import { columnsOf, decodeRow, encodeRow, quoted, quotedList, type Stored, type Table } from './table.js';

/** Rows of one insert statement. A fixed number keeps the texts few, so that they stay prepared. */
const ROWS_AN_INSERT = 50;

/** A table under the name it has now: the live one, or the one a rebuild fills. */
export interface Target<Row> {
  readonly table: Table<Row>;
  readonly physical: string;
}

export async function loadRows<Row>(
  { db }: Session,
  { table, physical }: Target<Row>,
  column: keyof Row & string,
  keys: readonly string[],
): Promise<readonly Row[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Stored<Row>>`
    select ${sql.join(columnsOf(table).map((name) => sql.ref(name)))} from ${sql.table(physical)}
    where ${sql.ref(column)} in (${sql.join(keys)})`.execute(db);
  return rows.map((row) => decodeRow(table, row));
}

/** Inserts, or replaces the rows with the same primary key. A primary key must not come twice. */
export async function upsertRows<Row>(session: Session, target: Target<Row>, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AN_INSERT) {
    const part = rows.slice(start, start + ROWS_AN_INSERT);
    const values = part.flatMap((row) => encodeRow(target.table, row));
    await session.db.executeQuery(CompiledQuery.raw(upsertSql(session, target, part.length), values));
  }
}

export async function deleteRows<Row>(
  { db }: Session,
  { physical }: Target<Row>,
  column: keyof Row & string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql`delete from ${sql.table(physical)} where ${sql.ref(column)} in (${sql.join(keys)})`.execute(db);
}

/** Written by hand: building it from nodes costs more than running it. */
function upsertSql<Row>({ engine }: Session, { table, physical }: Target<Row>, rows: number): string {
  const columns = columnsOf(table);
  const placeholder = (index: number): string => (engine === 'postgres' ? `$${index + 1}` : '?');
  const values = Array.from(
    { length: rows },
    (_, row) => `(${columns.map((__, column) => placeholder(row * columns.length + column)).join(', ')})`,
  );
  const changed = columns.filter((name) => !table.primaryKey.includes(name));
  const changes = changed.map((name) => `${quoted(name)} = excluded.${quoted(name)}`);
  return `insert into ${quoted(physical)} (${quotedList(columns)}) values ${values.join(', ')}
    on conflict (${quotedList(table.primaryKey)}) do update set ${changes.join(', ')}`;
}
