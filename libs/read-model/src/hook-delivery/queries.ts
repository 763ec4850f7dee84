import type { NotificationTarget } from '@slipway/contracts';
import { targetKey } from '@slipway/domain';
import type { PageLink } from '../build/queries.js';
import type { Database } from '../database/open-database.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { hookDeliveryTable, type HookDeliveryRow } from './table.js';

const DELIVERIES_A_PAGE = 20;

export interface HookDeliveryPage {
  readonly count: number;
  /** The newest first. */
  readonly rows: readonly HookDeliveryRow[];
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
}

export interface HookDeliveryQueries {
  /** `page` counts from 1. */
  readonly list: (target: NotificationTarget, link: { readonly page: number }) => Promise<HookDeliveryPage>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const hookDeliveryQueries = (database: Database): HookDeliveryQueries => ({
  list: (target, link) => available(() => listDeliveries(database, targetKey(target), link)),
});

async function listDeliveries(
  { db }: Database,
  target: string,
  { page }: { readonly page: number },
): Promise<HookDeliveryPage> {
  const ofTarget = db.selectFrom('hook_delivery').where('target', '=', target);
  const counted = await ofTarget.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const count = Number(counted?.count ?? 0);
  const stored = await ofTarget
    .select(columnsOf(hookDeliveryTable))
    .orderBy('position', 'desc')
    .offset((page - 1) * DELIVERIES_A_PAGE)
    .limit(DELIVERIES_A_PAGE)
    .execute();
  const last = Math.max(1, Math.ceil(count / DELIVERIES_A_PAGE));
  return {
    count,
    rows: stored.map((row) => decodeRow(hookDeliveryTable, row)),
    next: page < last ? { page: page + 1 } : null,
    previous: page > 1 ? { page: Math.min(page - 1, last) } : null,
  };
}
