import { SourceFailure } from '@slipway/git';
import type { SourceRequest } from '../source.js';

/** Full name of a ref on the server, and where it is kept in the workspace. */
export interface RemoteRef {
  readonly remote: string;
  readonly local: string;
  /** For people: `branch "main"`. */
  readonly title: string;
}

export type WantedCommit =
  | { readonly kind: 'head-of-ref' }
  | { readonly kind: 'full'; readonly id: string }
  | { readonly kind: 'prefix'; readonly id: string };

// oxlint-disable-next-line no-control-regex -- they are what is refused
const NEVER_A_REF = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|^\.|\/\.|\.$|\.lock(\/|$)|^$/;

/**
 * A name goes to git only behind `refs/heads/` or `refs/tags/`, so that it is never an option, a pattern or another refspec.
 * Source: git-check-ref-format(1).
 * @throws SourceFailure SOURCE_REF_NOT_FOUND: a name that git does not allow cannot exist
 */
export function remoteRef({ type, name }: SourceRequest['ref']): RemoteRef {
  const title = `${type} ${JSON.stringify(name)}`;
  if (NEVER_A_REF.test(name))
    throw new SourceFailure('SOURCE_REF_NOT_FOUND', `There is no ${title}: git has no such names.`);
  return type === 'branch'
    ? { remote: `refs/heads/${name}`, local: `refs/remotes/origin/${name}`, title }
    : { remote: `refs/tags/${name}`, local: `refs/tags/${name}`, title };
}

/** @throws SourceFailure SOURCE_COMMIT_NOT_FOUND */
export function wantedCommit(commit: string | undefined): WantedCommit {
  if (commit === undefined) return { kind: 'head-of-ref' };
  const id = commit.toLowerCase();
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return { kind: 'full', id };
  if (/^[0-9a-f]{7,63}$/.test(id)) return { kind: 'prefix', id };
  throw new SourceFailure(
    'SOURCE_COMMIT_NOT_FOUND',
    `${JSON.stringify(commit)} is not a commit id: 7 to 40 (or 64) hexadecimal digits are needed.`,
  );
}
