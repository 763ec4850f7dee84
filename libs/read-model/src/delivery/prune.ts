import { sql } from 'kysely';
import type { Change, Unit } from '../views/view.js';
import { deliveryTable, type DeliveryRow } from './table.js';

/** Of each build config. Older ones leave the lists; their events stay. */
const KEPT = 1_000;

/** Of build configs that got a new delivery. What is kept depends on positions alone, so a rebuild keeps the same. */
export async function pruneDeliveries(
  { session, target }: Unit,
  changes: readonly Change<DeliveryRow>[],
  kept = KEPT,
): Promise<void> {
  const configs = new Set(changes.flatMap(({ before, after }) => (after && !before ? [after.config_id] : [])));
  const table = sql.table(target(deliveryTable).physical);
  for (const configId of configs)
    await sql`delete from ${table} where config_id = ${configId} and position <= (
      select position from ${table} where config_id = ${configId} order by position desc limit 1 offset ${kept}
    )`.execute(session.db);
}
