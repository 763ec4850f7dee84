import { AppError } from '@slipway/kernel';

/** `ETag` of a revision, in the strong form. */
export const entityTag = (revision: string): string => `"${revision}"`;

const LIST = /^\s*(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*\s*$/;
const TAG = /(W\/)?"([^"]*)"/g;

/**
 * The revisions that `If-Match` names; null: none has to match. A weak tag never matches.
 * Source: RFC 9110, section 13.1.1. @throws REQUEST_MALFORMED
 */
export function ifMatch(header: string | undefined): string[] | null {
  if (header === undefined || header.trim() === '*') return null;
  if (!LIST.test(header)) throw new AppError('REQUEST_MALFORMED', { source: 'If-Match' });
  return [...header.matchAll(TAG)].flatMap(([, weak, revision = '']) => (weak === undefined ? [revision] : []));
}
