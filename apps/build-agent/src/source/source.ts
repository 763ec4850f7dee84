import type { RefType } from '@slipway/contracts';
import type { DeployKey } from '@slipway/git';

/**
 * Brings the source of a build to this machine.
 *
 * Concurrency: `fetch` may run many times at once, each with a workspace of its own.
 * Errors: a known failure is a `SourceFailure`; an abort rejects with the signal's reason; what `onLine` throws is passed
 * on; anything else is a bug or a broken machine. Not repeatable in the same workspace.
 */
export interface Source {
  fetch(request: SourceRequest, context: SourceContext): Promise<FetchedSource>;
}

export interface SourceRequest {
  /** `https://`, `http://`, `ssh://` or `user@host:path`; may hold credentials. Not trusted. */
  readonly cloneUrl: string;
  /** The same code over ssh: taken when `cloneUrl` asks for credentials or hides the code. Absent: there is no other way. */
  readonly keyCloneUrl?: string | undefined;
  /**
   * The deploy key, and the keys pinned for that host; asked for only when ssh is spoken. Whoever fetches wipes the key.
   * Absent: nothing is fetched over ssh.
   */
  readonly deployKey?: (host: string, signal: AbortSignal) => Promise<DeployKey>;
  readonly ref: { readonly type: RefType; readonly name: string };
  /** A full commit id, or at least 7 digits of one; without it: what the ref points to. */
  readonly commit: string | undefined;
}

export interface SourceContext {
  /** Absolute path of an empty directory of this fetch's own. Whoever made it removes it, whatever happened. */
  readonly workspace: string;
  readonly signal: AbortSignal;
  /** Called with one line at a time, in order, without credentials; the source waits for the promise. */
  readonly onLine: (line: string) => Promise<void> | void;
}

export interface FetchedSource {
  /** Full id. */
  readonly commit: string;
  /** Absolute path of the checked-out tree, inside the workspace. Its symlinks are not to be followed. */
  readonly directory: string;
}
