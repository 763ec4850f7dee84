import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isMissingRef,
  isOtherFormat,
  isRefusedById,
  isUnknownToServer,
  remoteFailure,
  SourceFailure,
  type Remote,
} from '@slipway/git';
import type { GitAnswer, GitWorkspace } from './git-workspace.js';
import type { RemoteRef, WantedCommit } from './revision.js';

export interface Wanted {
  readonly remote: Remote;
  readonly ref: RemoteRef;
  readonly commit: WantedCommit;
}

/** How deep a ref's history is fetched in search of a commit; after that, all of it. */
const DEPTHS = [50, 1_000] as const;

const FETCH = ['fetch', '--progress', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance'] as const;

/**
 * Makes a repository in the workspace and brings the wanted commit into it, as little history as possible. Answers its full id.
 * @throws SourceFailure
 */
export async function fetchCommit(git: GitWorkspace, wanted: Wanted): Promise<string> {
  const { ref, commit } = wanted;
  await git.initialize(commit.kind === 'full' && commit.id.length === 64 ? 'sha256' : 'sha1');
  switch (commit.kind) {
    case 'head-of-ref':
      await fetchRef(git, wanted, '--depth=1');
      return (await headOf(git, ref)) ?? Promise.reject(noCommitBehind(wanted));
    case 'full':
      return fetchById(git, wanted, commit.id);
    case 'prefix':
      return searchHistory(git, wanted, commit.id);
  }
}

/** By its id alone: a commit may outlive its branch. */
async function fetchById(git: GitWorkspace, wanted: Wanted, id: string): Promise<string> {
  const { code, messages } = await git.run(...FETCH, '--depth=1', '--end-of-options', 'origin', id);
  if (code === 0) return (await resolve(git, id)) ?? Promise.reject(noCommit(wanted, id, messages));
  if (isRefusedById(messages)) return searchHistory(git, wanted, id);
  if (!isUnknownToServer(messages)) throw remoteFailure(wanted.remote.name, messages);
  throw (await hasRef(git, wanted)) ? noCommit(wanted, id, messages) : noRef(wanted, messages);
}

/** Fetches the ref deeper and deeper until the commit is there. A prefix is taken as soon as it is unambiguous in what is there. */
async function searchHistory(git: GitWorkspace, wanted: Wanted, id: string): Promise<string> {
  for (const depth of [...DEPTHS.map((count) => `--depth=${count}`), '--unshallow']) {
    await fetchRef(git, wanted, depth);
    const found = await resolve(git, id);
    if (found?.startsWith(id)) return found;
    if (!(await isShallow(git))) break; // that was all of it
  }
  throw noCommit(wanted, id, git.lastLines);
}

async function fetchRef(git: GitWorkspace, wanted: Wanted, depth: string): Promise<void> {
  const { remote, ref } = wanted;
  const fetch = (): Promise<GitAnswer> =>
    git.run(...FETCH, depth, '--end-of-options', 'origin', `+${ref.remote}:${ref.local}`);
  let answer = await fetch();
  if (answer.code !== 0 && isOtherFormat(answer.messages)) {
    await git.discard(); // nothing has been fetched yet
    await git.initialize('sha256');
    answer = await fetch();
  }
  if (answer.code === 0) return;
  throw isMissingRef(answer.messages) && !(await hasRef(git, wanted))
    ? noRef(wanted, answer.messages)
    : remoteFailure(remote.name, answer.messages);
}

/** Asks the server. A pattern matches the ends of longer names too, so the names are compared. */
async function hasRef(git: GitWorkspace, { remote, ref }: Wanted): Promise<boolean> {
  const { code, output, messages } = await git.query(['ls-remote', '--end-of-options', 'origin', ref.remote]);
  if (code !== 0) throw remoteFailure(remote.name, messages);
  return output.some((line) => line.endsWith(`\t${ref.remote}`));
}

/** A branch leads to a commit itself, as git sees to; what a tag leads to is asked. */
const headOf = (git: GitWorkspace, { remote, local }: RemoteRef): Promise<string | undefined> =>
  remote.startsWith('refs/heads/') ? git.readRef(local) : resolve(git, local);

/** Full id of the commit that a name, an id or a prefix of one leads to; undefined when there is none, or more than one. */
async function resolve(git: GitWorkspace, name: string): Promise<string | undefined> {
  const { code, output } = await git.query(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]);
  return code === 0 ? output[0] : undefined;
}

const isShallow = (git: GitWorkspace): Promise<boolean> =>
  access(join(git.directory, '.git/shallow')).then(
    () => true,
    () => false,
  );

const noRef = ({ remote, ref }: Wanted, lines: readonly string[]): SourceFailure =>
  new SourceFailure('SOURCE_REF_NOT_FOUND', `The code repository ${remote.name} has no ${ref.title}.`, lines);

const noCommitBehind = ({ remote, ref }: Wanted): SourceFailure =>
  new SourceFailure(
    'SOURCE_REF_NOT_FOUND',
    `In the code repository ${remote.name} the ${ref.title} leads to no commit.`,
  );

const noCommit = ({ remote, ref }: Wanted, id: string, lines: readonly string[]): SourceFailure =>
  new SourceFailure(
    'SOURCE_COMMIT_NOT_FOUND',
    `The code repository ${remote.name} has no commit ${id} on its ${ref.title}, or more than one that begins so.`,
    lines,
  );
