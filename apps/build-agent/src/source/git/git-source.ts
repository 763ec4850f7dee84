import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Egress } from '@slipway/egress';
import {
  checkoutFailure,
  parseCloneUrl,
  pinRemote,
  SourceFailure,
  sshHostOf,
  withSshSession,
  type PinnedRemote,
  type Remote,
  type SshHost,
} from '@slipway/git';
import type { FetchedSource, Source, SourceContext, SourceRequest } from '../source.js';
import { fetchCommit } from './fetch-commit.js';
import { GitWorkspace } from './git-workspace.js';
import { remoteRef, wantedCommit } from './revision.js';

export interface GitSourceOptions {
  /** Says where a code host may be reached. */
  readonly egress: Egress;
  /** For the whole fetch. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** A transfer without a byte for so long is given up. Default 60 s. */
  readonly stallMs?: number;
  /** Of what is fetched, and again of the files in the tree. Default 2 GiB. */
  readonly maxBytes?: number;
  /** In the tree. Default 500,000. */
  readonly maxFiles?: number;
  /** Where PATH, certificates and proxies are read. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
}

type Limits = Required<GitSourceOptions>;

const DEFAULTS = { timeoutMs: 600_000, stallMs: 60_000, maxBytes: 2 * 1_024 ** 3, maxFiles: 500_000 } as const;
/** How often the size of what is fetched is looked at. */
const WATCH_MS = 200;

/**
 * Fetches by the git CLI: depth 1, exact commit. Nothing of the repository is executed: no hooks, filters, submodules, LFS.
 * Source: docs/adr, "git CLI over nodegit".
 */
export function gitSource(options: GitSourceOptions): Source {
  const limits: Limits = { environment: process.env, ...DEFAULTS, ...options };
  return {
    fetch: async (request, context) => {
      const remote = parseCloneUrl(request.cloneUrl);
      if (request.keyCloneUrl === undefined) return fetchFrom({ remote, request, limits }, context);
      const byKey = parseCloneUrl(request.keyCloneUrl);
      try {
        return await fetchFrom({ remote, request, limits }, context);
      } catch (error) {
        if (!wantsCredentials(error)) throw error;
        await context.onLine(`${error.message} Trying ${byKey.name} with the deploy key.`);
        await empty(context.workspace);
        return await fetchFrom({ remote: byKey, request, limits }, context);
      }
    },
  };
}

/** Hosts hide what a caller may not see, so what is not there may only want the deploy key. */
const wantsCredentials = (error: unknown): error is SourceFailure =>
  error instanceof SourceFailure &&
  (error.code === 'SOURCE_ACCESS_DENIED' || error.code === 'SOURCE_REPOSITORY_NOT_FOUND');

async function empty(directory: string): Promise<void> {
  const names = await readdir(directory);
  await Promise.all(names.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

/** By the way that the remote says; the deploy key is there only as long as git needs it. */
async function fetchFrom({ remote, request, limits }: Task<Remote>, context: SourceContext): Promise<FetchedSource> {
  const host = sshHostOf(remote);
  if (host && !request.deployKey)
    throw new SourceFailure('SOURCE_ACCESS_DENIED', `${remote.name} needs a deploy key, and there is none.`);
  const pinned = await pinRemote(remote, { ...limits, signal: context.signal });
  const fetching = { request, remote: pinned, limits };
  if (!host || !request.deployKey) return fetchWithin(fetching, context);
  const deployKey = await request.deployKey(host.name, context.signal);
  try {
    if (deployKey.hostKeys.length === 0) throw unknownHost(remote, host);
    const { workspace: parent, signal } = context;
    const session = { host, address: pinned.address, parent, signal, environment: limits.environment };
    return await withSshSession(deployKey, session, (ssh) => fetchWithin(fetching, context, ssh));
  } finally {
    deployKey.privateKey.fill(0);
  }
}

const unknownHost = (remote: Remote, { name }: SshHost): SourceFailure =>
  new SourceFailure(
    'SOURCE_HOST_KEY_UNKNOWN',
    `The code repository ${remote.name} lies on a host of which no key is pinned: an administrator pins those of ${name}.`,
  );

/** Fetches; time and size limits end it by an abort whose reason is the failure. */
async function fetchWithin(
  { request, remote, limits }: Task,
  context: SourceContext,
  ssh?: NodeJS.ProcessEnv,
): Promise<FetchedSource> {
  const limit = new AbortController();
  const signal = AbortSignal.any([context.signal, limit.signal]);
  const { environment, stallMs } = limits;
  const git = new GitWorkspace({ context: { ...context, signal }, remote, environment, stallMs, ssh });
  const fail = (code: 'SOURCE_TIMEOUT' | 'SOURCE_TOO_LARGE', says: string): void =>
    limit.abort(new SourceFailure(code, `The code repository ${remote.name} ${says}.`, git.lastLines));
  const timer = setTimeout(
    () => fail('SOURCE_TIMEOUT', `could not be fetched in ${limits.timeoutMs / 1_000} s`),
    limits.timeoutMs,
  );
  const watch = setInterval(() => {
    void git.fetchedBytes().then((bytes) => {
      if (bytes > limits.maxBytes) fail('SOURCE_TOO_LARGE', `sends more than ${limits.maxBytes} bytes`);
    });
  }, WATCH_MS);
  try {
    return await fetchAndCheckOut(git, { request, remote, limits });
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
  }
}

interface Task<At extends Remote = PinnedRemote> {
  readonly request: SourceRequest;
  readonly remote: At;
  readonly limits: Limits;
}

async function fetchAndCheckOut(git: GitWorkspace, { request, remote, limits }: Task): Promise<FetchedSource> {
  const wanted = { remote, ref: remoteRef(request.ref), commit: wantedCommit(request.commit) };
  await git.prepare();
  await git.say(`Cloning into '${git.directory}'...`);
  const commit = await fetchCommit(git, wanted);
  const bytes = await git.fetchedBytes(); // a quick fetch may be over before anybody looked
  if (bytes > limits.maxBytes) throw tooLarge(remote, `sends ${bytes} bytes, more than ${limits.maxBytes}`);
  await measureTree(git, commit, { remote, limits });
  const { code, messages } = await git.run('checkout', '--quiet', '--detach', commit, '--');
  if (code !== 0) throw checkoutFailure(remote.name, messages);
  return { commit, directory: git.directory };
}

/** A tree of a few kilobytes can name itself until it fills any disk, so it is counted before it is written. */
async function measureTree(
  git: GitWorkspace,
  commit: string,
  { remote, limits }: Omit<Task, 'request'>,
): Promise<void> {
  let files = 0;
  let bytes = 0;
  const { code, messages } = await git.query(['ls-tree', '-r', '-l', '--end-of-options', commit], (line) => {
    files += 1;
    bytes += Number(/^\d+ blob [0-9a-f]+ +(\d+)\t/.exec(line)?.[1] ?? 0);
    if (files > limits.maxFiles) throw tooLarge(remote, `has more than ${limits.maxFiles} files`);
    if (bytes > limits.maxBytes) throw tooLarge(remote, `has more than ${limits.maxBytes} bytes of files`);
  });
  if (code !== 0) throw checkoutFailure(remote.name, messages);
}

const tooLarge = (remote: Remote, says: string): SourceFailure =>
  new SourceFailure('SOURCE_TOO_LARGE', `The code repository ${remote.name} ${says}.`);
