import type { PageLink } from '../build/queries.js';

export const ROWS_A_PAGE = 20;

export interface PageOfRows<Row> {
  readonly count: number;
  /** In the order of their names, unless it is said otherwise. */
  readonly rows: readonly Row[];
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
}

/** `page` counts from 1. */
export function pageOfRows<Row>(
  rows: readonly Row[],
  { page, count }: { readonly page: number; readonly count: number },
): PageOfRows<Row> {
  const last = Math.max(1, Math.ceil(count / ROWS_A_PAGE));
  return {
    count,
    rows,
    next: page < last ? { page: page + 1 } : null,
    previous: page > 1 ? { page: Math.min(page - 1, last) } : null,
  };
}
