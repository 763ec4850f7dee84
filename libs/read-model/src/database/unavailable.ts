import { AppError } from '@slipway/kernel';

/** SQLite's primary result codes that pass by themselves: busy, locked, I/O error, disk full, cannot open. */
const SQLITE_PASSING = new Set([5, 6, 10, 13, 14]);
/**
 * PostgreSQL's: connection exceptions, no resources, operator intervention, system errors; and tables or columns that
 * this version of the code knows and the database does not have yet.
 */
const POSTGRES_PASSING = /^(?:08|53|57|58|55P03|42P01|42703|40)/;

/** Runs a query; what passes by itself becomes READ_MODEL_UNAVAILABLE, a bug stays what it is. */
export async function available<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (isPassing(error)) throw new AppError('READ_MODEL_UNAVAILABLE', {}, { cause: error });
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message.includes('no such table') || error.message.includes('no such column')) return true;
  if ('errcode' in error) return SQLITE_PASSING.has(Number(error.errcode) & 0xff);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^[0-9A-Z]{5}$/.test(code)) return POSTGRES_PASSING.test(code);
  // Without an SQLSTATE it comes from the socket or from pg itself.
  return /^E[A-Z]+$/.test(code) || /terminated|timeout|not queryable|Connection ended/i.test(error.message);
}
