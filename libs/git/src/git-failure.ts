import { SourceFailure, type SourceFailureCode } from './source-failure.js';

interface Cause {
  readonly sign: RegExp;
  readonly code: SourceFailureCode;
  readonly says: string;
}

/**
 * What git says, under LC_ALL=C, when it cannot read a remote; the first that fits. git has no other way to tell:
 * its exit code is 128 for all of them. Source: remote-curl.c, http.c, pkt-line.c, fsck.c of git 2.39,
 * sshconnect.c and sshconnect2.c of OpenSSH 9.2.
 */
const CAUSES: readonly Cause[] = [
  {
    sign: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/,
    code: 'SOURCE_HOST_KEY_CHANGED',
    says: 'lies on a host that shows another key than the pinned one; an administrator pins the new one if it is right',
  },
  {
    sign: /No \S+ host key is known for|Host key verification failed/,
    code: 'SOURCE_HOST_KEY_UNKNOWN',
    says: 'lies on a host of which no key is pinned; an administrator pins it',
  },
  {
    sign: /Permission denied \(/,
    code: 'SOURCE_ACCESS_DENIED',
    says: 'may not be read with the deploy key; install it on the code host',
  },
  {
    sign: /returned error: 30\d/,
    code: 'SOURCE_URL_REFUSED',
    says: 'redirects to another address; use the final one as the clone URL',
  },
  {
    sign: /could not read (Username|Password)|Authentication failed|returned error: (401|403|407)/,
    code: 'SOURCE_ACCESS_DENIED',
    says: 'does not exist, or may not be read with these credentials',
  },
  {
    sign: /^fatal: repository '.*' not found|returned error: (404|410)|not valid: is this a git repository|dumb http transport|^ERROR: Repository not found|does not appear to be a git repository/,
    code: 'SOURCE_REPOSITORY_NOT_FOUND',
    says: 'does not exist, or is no git repository served over smart HTTP',
  },
  {
    sign: /fsck error|badTree|invalid index-pack|inflate returned|mismatched algorithms|unresolved deltas/,
    code: 'SOURCE_REPOSITORY_NOT_FOUND',
    says: 'is not readable: it holds objects that git refuses',
  },
];

/** Words of this machine's own trouble: not the repository's, not the host's. */
const LOCAL_TROUBLE: readonly Omit<Cause, 'says'>[] = [
  { sign: /No space left on device|Disk quota exceeded/i, code: 'DISK_FULL' },
  { sign: /out of memory|Too many open files|Read-only file system|Input\/output error/i, code: 'WORKSPACE_FAILED' },
];

/** Why git could not read from the remote. */
export function remoteFailure(name: string, lines: readonly string[]): SourceFailure {
  const trouble = localTrouble(lines);
  if (trouble) return trouble;
  const cause = CAUSES.find(({ sign }) => lines.some((line) => sign.test(line)));
  if (cause) return new SourceFailure(cause.code, `The code repository ${name} ${cause.says}.`, lines);
  const said = lines.findLast((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? 'git said nothing';
  return new SourceFailure('SOURCE_UNREACHABLE', `The code repository ${name} could not be reached: ${said}`, lines);
}

/** Why the tree could not be written. */
export function checkoutFailure(name: string, lines: readonly string[]): SourceFailure {
  const says = 'is not readable: its files cannot be checked out';
  return (
    localTrouble(lines) ??
    new SourceFailure('SOURCE_REPOSITORY_NOT_FOUND', `The code repository ${name} ${says}.`, lines)
  );
}

/** The server refuses to hand this commit out by id, though a ref may lead to it. */
export const isRefusedById = (lines: readonly string[]): boolean =>
  lines.some((line) => /unadvertised object|remote error: /.test(line)) && !isUnknownToServer(lines);

/** The server knows no such commit. Source: upload-pack.c. */
export const isUnknownToServer = (lines: readonly string[]): boolean =>
  lines.some((line) => line.includes('upload-pack: not our ref'));

/** Source: fetch-pack.c, fetch.c. */
export const isMissingRef = (lines: readonly string[]): boolean =>
  lines.some((line) => /couldn't find remote ref/i.test(line));

/** The server's ids are SHA-256, the workspace's SHA-1. Source: fetch-pack.c. */
export const isOtherFormat = (lines: readonly string[]): boolean =>
  lines.some((line) => line.includes('mismatched algorithms: client sha1; server sha256'));

function localTrouble(lines: readonly string[]): SourceFailure | undefined {
  const cause = LOCAL_TROUBLE.find(({ sign }) => lines.some((line) => sign.test(line)));
  const said = lines.findLast((line) => cause?.sign.test(line));
  return cause && new SourceFailure(cause.code, `git ran into trouble of this machine: ${said}`, lines);
}
