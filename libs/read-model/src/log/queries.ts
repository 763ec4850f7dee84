import type { Database } from '../database/open-database.js';
import { columnsOf, decodeRow } from '../database/table.js';
import { available } from '../database/unavailable.js';
import { logChunkTable, type LogChunkRow } from './table.js';

/** Chunks a call answers at most: up to about 4 MiB as stored. */
const CHUNKS_A_CALL = 64;

export interface ReadLog {
  /** Number of the first line wanted, from 1; it may lie inside the first chunk answered. */
  readonly fromLine: number;
  readonly maxChunks?: number | undefined;
  /** Only chunks that may hold lines of this time or later / earlier, Unix ms. */
  readonly fromTime?: number | undefined;
  readonly toTime?: number | undefined;
}

export interface LogQueries {
  /** In order. Go on from `first_line + lines` of the last chunk; an empty answer is the end for now. */
  readonly read: (buildId: string, options: ReadLog) => Promise<readonly LogChunkRow[]>;
  /** Lines recorded so far. */
  readonly totalLines: (buildId: string) => Promise<number>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const logQueries = (database: Database): LogQueries => ({
  read: (buildId, options) => available(() => readLog(database, buildId, options)),
  totalLines: (buildId) => available(() => totalLines(database, buildId)),
});

async function readLog({ db }: Database, buildId: string, options: ReadLog): Promise<readonly LogChunkRow[]> {
  const { fromLine, maxChunks = CHUNKS_A_CALL, fromTime, toTime } = options;
  const holding = await db
    .selectFrom('log_chunk')
    .select('first_line')
    .where('build_id', '=', buildId)
    .where('first_line', '<=', fromLine)
    .orderBy('first_line', 'desc')
    .limit(1)
    .executeTakeFirst();
  const stored = await db
    .selectFrom('log_chunk')
    .select(columnsOf(logChunkTable))
    .where('build_id', '=', buildId)
    .where('first_line', '>=', holding?.first_line ?? 0)
    .$if(fromTime !== undefined, (query) => query.where('last_time', '>=', fromTime))
    .$if(toTime !== undefined, (query) => query.where('first_time', '<=', toTime))
    .orderBy('first_line')
    .limit(maxChunks)
    .execute();
  return stored
    .map((row) => decodeRow(logChunkTable, row))
    .filter(({ first_line, lines }) => first_line + lines > fromLine);
}

async function totalLines({ db }: Database, buildId: string): Promise<number> {
  const row = await db.selectFrom('log').select('total_lines').where('build_id', '=', buildId).executeTakeFirst();
  return Number(row?.total_lines ?? 0);
}
