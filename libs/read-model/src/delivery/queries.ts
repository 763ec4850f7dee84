import type { Database } from '../database/open-database.js';
import { pageOfRows, ROWS_A_PAGE, type PageOfRows } from '../database/page-of-rows.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { deliveryTable, type DeliveryRow } from './table.js';

export interface DeliveryQueries {
  /** The newest first; `page` counts from 1. */
  readonly list: (configId: number, link: { readonly page: number }) => Promise<PageOfRows<DeliveryRow>>;
  readonly get: (configId: number, deliveryId: string) => Promise<DeliveryRow | undefined>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const deliveryQueries = (database: Database): DeliveryQueries => ({
  list: (configId, link) => available(() => listDeliveries(database, configId, link)),
  get: (configId, deliveryId) => available(() => getDelivery(database, configId, deliveryId)),
});

async function listDeliveries(
  { db }: Database,
  configId: number,
  { page }: { readonly page: number },
): Promise<PageOfRows<DeliveryRow>> {
  const ofConfig = db.selectFrom('delivery').where('config_id', '=', configId);
  const counted = await ofConfig.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const stored = await ofConfig
    .select(columnsOf(deliveryTable))
    .orderBy('position', 'desc')
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  const rows = stored.map((row) => decodeRow(deliveryTable, row));
  return pageOfRows(rows, { page, count: Number(counted?.count ?? 0) });
}

/** Ids are those of code hosts: should two webhooks have had the same, the newer is meant. */
async function getDelivery({ db }: Database, configId: number, deliveryId: string): Promise<DeliveryRow | undefined> {
  const stored = await db
    .selectFrom('delivery')
    .select(columnsOf(deliveryTable))
    .where('config_id', '=', configId)
    .where('delivery_id', '=', deliveryId)
    .orderBy('position', 'desc')
    .executeTakeFirst();
  return stored && decodeRow(deliveryTable, stored);
}
