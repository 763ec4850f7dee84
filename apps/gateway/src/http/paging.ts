import type { PageLink } from '@slipway/read-model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** Bounds what a caller can make the database count to. */
const MAX_PAGE = 1_000_000;

/** `?page=`, from 1. */
export const PageNumber = z.coerce.number().int().min(1).max(MAX_PAGE).default(1).describe('From 1; 20 rows a page.');
/** Of a list that is looked through page by page. */
export const PageQuery = z.object({ page: PageNumber });
export type PageQuery = z.infer<typeof PageQuery>;
/** `?after=` and `?before=`: only from links that an answer gave. */
export const PageCursor = z.coerce
  .number()
  .int()
  .nonnegative()
  .max(Number.MAX_SAFE_INTEGER)
  .optional()
  .describe('Only from the `next` or `previous` of an answer.');

export interface PageView<Item> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Item[];
}

/** What `pageView` answers. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    count: z.int().nonnegative().describe('Rows on all pages.'),
    next: z.url().nullable().describe('The next page; it keeps the other query parameters.'),
    previous: z.url().nullable().describe('The page before.'),
    results: z.array(item),
  });

interface Page<Item> {
  readonly count: number;
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
  readonly results: readonly Item[];
}

/** One page as the API prints it. The neighbours' URLs keep the other query parameters. */
export const pageView = <Item>({ count, next, previous, results }: Page<Item>, url: URL): PageView<Item> => ({
  count,
  next: next && linkTo(url, next),
  previous: previous && linkTo(url, previous),
  results,
});

/** A `URL` would be written anew at each change of one of its parameters. */
function linkTo({ origin, pathname, search }: URL, { page, after, before }: PageLink): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries({ page, after, before })) {
    if (value === undefined) query.delete(name);
    else query.set(name, String(value));
  }
  return `${origin}${pathname}?${query.toString()}`;
}

/** A host and a port, nothing else. */
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

const withoutSlash = (text: string): string => text.replace(/\/+$/, '');

/** The URL as the caller sees it: under `publicUrl`, or under the host that was asked for. */
export function absoluteUrl(
  { url, protocol, headers }: Pick<FastifyRequest, 'url' | 'protocol' | 'headers'>,
  publicUrl: string | undefined,
): URL {
  const host = headers.host !== undefined && HOST.test(headers.host) ? headers.host : 'localhost';
  const base = publicUrl ?? `${protocol}://${host}`;
  const search = url.indexOf('?');
  const [path, query] = search < 0 ? [url, ''] : [url.slice(0, search), url.slice(search)];
  return new URL(`${withoutSlash(base)}${withoutSlash(path)}${query}`);
}
