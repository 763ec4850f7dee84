import type { StoredEvent } from '@slipway/event-store';
import { applyBatch, NOWHERE, openDatabase, prepareViews, VIEWS } from '@slipway/read-model';
import { dump } from '@slipway/read-model/fixtures';
import { temporaryDirectory } from '@slipway/testing';
import type { History, Tables } from '../history.js';

/** Events of one transaction, as the projections take them. */
const BATCH = 500;

/** What the database shows. */
export async function shownRows(url: string): Promise<Tables> {
  const database = openDatabase(url, { readOnly: true });
  try {
    return plain((await dump(database, VIEWS)) as Tables);
  } finally {
    await database.close();
  }
}

/** PostgreSQL's client answers bytes as a Buffer, which has words of its own as JSON. */
const plain = (tables: Tables): Tables =>
  Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.map(plainRow)]));
const plainRow = (row: Tables[string][number]): Tables[string][number] =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, Buffer.isBuffer(value) ? new Uint8Array(value) : value]),
  );

/** What it should show: every view folded from the first event, in a database of its own. */
export async function foldedRows(events: readonly StoredEvent[]): Promise<Tables> {
  const directory = temporaryDirectory();
  const database = openDatabase(`sqlite:${directory.path}/folded.db`);
  try {
    await prepareViews(database, VIEWS);
    let after = NOWHERE;
    for (let start = 0; start < events.length; start += BATCH) {
      const part = events.slice(start, start + BATCH);
      const upTo = part.at(-1)?.position ?? after;
      await applyBatch(database, VIEWS, { after, upTo, events: part }, () => {});
      after = upTo;
    }
    return (await dump(database, VIEWS)) as Tables;
  } finally {
    await database.close();
    directory.remove();
  }
}

export const readModelOf = async (url: string, events: readonly StoredEvent[]): Promise<History['readModel']> => ({
  shown: await shownRows(url),
  expected: await foldedRows(events),
});
