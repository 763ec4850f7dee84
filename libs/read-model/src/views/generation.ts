import type { StoredEvent } from '@slipway/event-store';
import { sql } from 'kysely';
import type { Database, Session } from '../database/open-database.js';
import { quoted } from '../database/table.js';
import { createTable } from './prepare.js';
import { lockRegistry, type RegistryRow } from './registry.js';
import type { OnPoison, Unit, View } from './view.js';

/** Tables of a view that are being filled beside the live ones. The newest generation is the only one that may. */
export interface Generation {
  readonly view: View;
  readonly generation: number;
}

/** Somebody began a newer rebuild of the same view. */
export class RebuildOvertaken extends Error {
  override readonly name = 'RebuildOvertaken';

  constructor({ view, generation }: Generation) {
    super(`another rebuild of ${view.name} began after this one (generation ${generation})`);
  }
}

/** Makes empty tables, and clears away what an interrupted rebuild left. */
export function beginGeneration(database: Database, view: View): Promise<Generation> {
  return database.transaction(async (session) => {
    const row = await lockedRow(session, view);
    const generation = row.newest_generation + 1;
    await dropGenerations(session, view);
    for (const table of view.tables)
      await createTable(session, table, { physical: physicalName(table.name, generation), generation });
    await session.db
      .updateTable('read_model_view')
      .set({ newest_generation: generation })
      .where('view', '=', view.name)
      .execute();
    return { view, generation };
  });
}

/** Folds the next events into the new tables. @throws RebuildOvertaken */
export function foldGeneration(
  database: Database,
  generation: Generation,
  events: readonly StoredEvent[],
  onPoison: OnPoison,
): Promise<void> {
  return database.transaction(async (session) => {
    const row = await session.db
      .selectFrom('read_model_view')
      .select('newest_generation')
      .where('view', '=', generation.view.name)
      .executeTakeFirst();
    if (row?.newest_generation !== generation.generation) throw new RebuildOvertaken(generation);
    await generation.view.project(unitOf(session, generation, onPoison), events);
  });
}

/**
 * Puts the new tables in the place of the old ones. While it holds the lock no checkpoint moves, so `catchUp` sees
 * every event that any view has seen; what it answers is the position of the last one it folded.
 * @throws RebuildOvertaken
 */
export async function swapGeneration(
  database: Database,
  generation: Generation,
  catchUp: (fold: (events: readonly StoredEvent[]) => Promise<void>) => Promise<number>,
  onPoison: OnPoison,
): Promise<number> {
  const { view } = generation;
  const position = await database.transaction(async (session) => {
    const registry = await lockRegistry(session);
    const old = registry.get(view.name);
    if (old?.newest_generation !== generation.generation) throw new RebuildOvertaken(generation);
    const folded = await catchUp(async (events) => {
      await view.project(unitOf(session, generation, onPoison), events);
    });
    const reached = Math.max(folded, ...[...registry.values()].map((row) => row.position));
    for (const { name } of view.tables) {
      await rename(session, name, physicalName(name, old.generation));
      await rename(session, physicalName(name, generation.generation), name);
    }
    await session.db
      .updateTable('read_model_view')
      .set({ generation: generation.generation, version: view.version, position: reached })
      .where('view', '=', view.name)
      .execute();
    return reached;
  });
  await dropOld(database, generation);
  return position;
}

/** In a transaction of its own, so that the swap itself stays short. */
function dropOld(database: Database, generation: Generation): Promise<void> {
  return database.transaction(async (session) => {
    const row = await lockedRow(session, generation.view);
    if (row.newest_generation === generation.generation) await dropGenerations(session, generation.view);
  });
}

async function lockedRow(session: Session, { name }: View): Promise<RegistryRow> {
  const row = (await lockRegistry(session)).get(name);
  if (!row) throw new Error(`view ${name} is not in the registry: prepareViews comes first`);
  return row;
}

const physicalName = (table: string, generation: number): string => `${table}__g${generation}`;

const unitOf = (session: Session, { generation }: Generation, onPoison: OnPoison): Unit => ({
  session,
  target: (table) => ({ table, physical: physicalName(table.name, generation) }),
  onPoison,
});

async function rename({ db }: Session, from: string, to: string): Promise<void> {
  await sql.raw(`alter table ${quoted(from)} rename to ${quoted(to)}`).execute(db);
}

/** All tables of the view but the live ones. */
async function dropGenerations({ db }: Session, { tables }: View): Promise<void> {
  const present = await db.introspection.getTables();
  const beside = present.filter(({ name }) => tables.some((table) => isGenerationOf(table.name, name)));
  for (const { name } of beside) await sql.raw(`drop table ${quoted(name)}`).execute(db);
}

const isGenerationOf = (table: string, name: string): boolean =>
  name.startsWith(`${table}__g`) && /^\d+$/.test(name.slice(`${table}__g`.length));
