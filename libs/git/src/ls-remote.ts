import { tmpdir } from 'node:os';
import type { Egress } from '@slipway/egress';
import { gitEnvironment } from './git-environment.js';
import { remoteFailure } from './git-failure.js';
import { runGit } from './git-process.js';
import { pinRemote } from './pin-remote.js';
import { maskLogin, sshHostOf, type PinnedRemote, type Remote } from './remote.js';
import { SourceFailure } from './source-failure.js';
import { withSshSession, type DeployKey } from './ssh-session.js';

export interface RemoteRefEntry {
  /** In full: `refs/heads/main`. */
  readonly name: string;
  /** Full id of the commit; of an annotated tag: of the commit it leads to. */
  readonly commit: string;
}

export interface LsRemoteOptions {
  /** Says where the remote may be reached. */
  readonly egress: Egress;
  readonly signal: AbortSignal;
  /** An answer that takes longer is given up. Default 30 s. */
  readonly timeoutMs?: number;
  /** More branches and tags than so are refused. Default 100,000. */
  readonly maxRefs?: number;
  /** What opens a remote over ssh; without it such a remote is refused. */
  readonly deployKey?: DeployKey | undefined;
  /** Where PATH, certificates and proxies are read. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
}

const DEFAULTS = { timeoutMs: 30_000, maxRefs: 100_000 } as const;
/** Lines of git that a failure shows. */
const LAST_LINES = 20;
const PEELED = '^{}';
/** No answer holds more lines a ref than itself and what it leads to. */
const LINES_PER_REF = 2;

/**
 * Branches and tags of a remote, in the order of the server, without fetching anything. May be called concurrently.
 * @throws SourceFailure; the signal's reason
 */
export async function lsRemote(remote: Remote, options: LsRemoteOptions): Promise<readonly RemoteRefEntry[]> {
  const { egress, deployKey, signal, environment = process.env } = options;
  const host = sshHostOf(remote);
  if (host && !deployKey) throw new SourceFailure('SOURCE_ACCESS_DENIED', `${remote.name} needs a deploy key.`);
  const pinned = await pinRemote(remote, { egress, signal, environment });
  if (!host || !deployKey) return askRefs(pinned, options);
  const session = { host, address: pinned.address, parent: tmpdir(), signal, environment };
  return withSshSession(deployKey, session, (ssh) => askRefs(pinned, options, ssh));
}

async function askRefs(
  remote: PinnedRemote,
  options: LsRemoteOptions,
  ssh?: NodeJS.ProcessEnv,
): Promise<readonly RemoteRefEntry[]> {
  const { timeoutMs, maxRefs, signal, environment = process.env } = { ...DEFAULTS, ...options };
  const limit = new AbortController();
  const fail = (code: 'SOURCE_TIMEOUT' | 'SOURCE_TOO_LARGE', says: string): void =>
    limit.abort(new SourceFailure(code, `The code repository ${remote.name} ${says}.`));
  const timer = setTimeout(() => fail('SOURCE_TIMEOUT', `did not answer in ${timeoutMs / 1_000} s`), timeoutMs);
  const mask = maskLogin(remote);
  const output: string[] = [];
  let messages: readonly string[] = [];
  try {
    const code = await runGit(['ls-remote', '--heads', '--tags', '--end-of-options', 'origin'], {
      directory: '/', // only root could plant a repository there
      environment: gitEnvironment({ home: '/nonexistent' }, remote, { environment, stallMs: timeoutMs, ssh }),
      signal: AbortSignal.any([signal, limit.signal]),
      onOutput: (line) => {
        output.push(line);
        if (output.length > maxRefs * LINES_PER_REF) fail('SOURCE_TOO_LARGE', `has more than ${maxRefs} refs`);
      },
      onMessage: (line) => {
        messages = [...messages, mask(line)].slice(-LAST_LINES);
      },
    });
    if (code !== 0) throw remoteFailure(remote.name, messages);
    return refsOf(output);
  } finally {
    clearTimeout(timer);
  }
}

/** Lines `<id>\t<name>`; an annotated tag has a second one, `<name>^{}`, with what it leads to. */
function refsOf(lines: readonly string[]): readonly RemoteRefEntry[] {
  const refs = new Map<string, string>();
  for (const line of lines) {
    const [, commit, name] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(refs\/(?:heads|tags)\/.+)$/.exec(line) ?? [];
    if (commit === undefined || name === undefined) continue;
    refs.set(name.endsWith(PEELED) ? name.slice(0, -PEELED.length) : name, commit);
  }
  return [...refs].map(([name, commit]) => ({ name, commit }));
}
