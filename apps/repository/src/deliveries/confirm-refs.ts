import {
  fullRefName,
  hostKeys,
  locateCode,
  skippedRef,
  type CodeHosts,
  type PresentRepository,
  type SkippedRef,
} from '@slipway/domain';
import { hostKeyCodec, loadState, type EventStore } from '@slipway/event-store';
import type { Egress } from '@slipway/egress';
import { lsRemote, parseCloneUrl, SourceFailure, sshHostOf, type DeployKey, type RemoteRefEntry } from '@slipway/git';
import { AppError } from '@slipway/kernel';
import { streams, type RefChange } from '@slipway/contracts';
import { openSealed, type SecretKeys } from '../deploy-keys/secret-keys.js';

export interface Confirmed {
  readonly changes: readonly RefChange[];
  readonly skipped: readonly SkippedRef[];
}

/** Asks the code host of a repository where its branches and tags are. @throws SourceFailure; the signal's reason */
export type ReadRefs = (repository: PresentRepository, signal: AbortSignal) => Promise<readonly RemoteRefEntry[]>;

/** What the same question may be answered to later. */
export const isPassing = ({ code }: SourceFailure): boolean =>
  code === 'SOURCE_UNREACHABLE' || code === 'SOURCE_TIMEOUT';
const LIMIT_MS = 15_000;

/**
 * Leaves of pushed refs those that the code host confirms: a branch or tag that is elsewhere by now is not built at a
 * commit that only the delivery names. Deletions start nothing, so nobody is asked about them.
 * @throws SERVICE_UNAVAILABLE while the code host does not answer; the signal's reason
 */
export async function confirmRefs(
  readRefs: ReadRefs,
  { repository, changes }: { readonly repository: PresentRepository; readonly changes: readonly RefChange[] },
  signal: AbortSignal,
): Promise<Confirmed> {
  if (changes.every(({ commit }) => commit === null)) return { changes, skipped: [] };
  try {
    const entries = await readRefs(repository, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
    const refs = new Map(entries.map(({ name, commit }) => [name, commit]));
    const isThere = (change: RefChange): boolean =>
      change.commit === null || refs.get(fullRefName(change)) === change.commit;
    return {
      changes: changes.filter(isThere),
      skipped: changes.filter((change) => !isThere(change)).map((change) => skippedRef(change, 'REF_MOVED')),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceFailure) || isPassing(error))
      throw new AppError('SERVICE_UNAVAILABLE', { reason: 'the code host does not answer' }, { cause: error });
    return {
      changes: [],
      skipped: changes.map((change) => skippedRef(change, 'REF_UNCONFIRMED', error.message)),
    };
  }
}

interface ReaderParts {
  readonly store: EventStore;
  readonly hosts: CodeHosts;
  readonly egress: Egress;
  readonly secretKeys: SecretKeys;
  /** PEM bundle: who may have signed the certificates of code hosts, instead of the machine's own. */
  readonly caFile?: string | undefined;
}

/** As an agent fetches: without a key where that is enough, else with the deploy key. */
export function refReader(parts: ReaderParts): ReadRefs {
  return async (repository, signal) => {
    const location = locateCode(repository.source, parts.hosts);
    if (!location) throw new SourceFailure('SOURCE_REPOSITORY_NOT_FOUND', 'The code host has closed.');
    const { public: open, key } = location.clone;
    try {
      return await read(open, repository, { ...parts, signal });
    } catch (error) {
      if (!(error instanceof SourceFailure) || !NEEDS_KEY.has(error.code) || key === open) throw error;
      return read(key, repository, { ...parts, signal });
    }
  };
}

const NEEDS_KEY: ReadonlySet<string> = new Set(['SOURCE_REPOSITORY_NOT_FOUND', 'SOURCE_ACCESS_DENIED']);

async function read(
  url: string,
  { deployKey: issued }: PresentRepository,
  { store, egress, secretKeys, caFile, signal }: ReaderParts & { readonly signal: AbortSignal },
): Promise<readonly RemoteRefEntry[]> {
  const remote = parseCloneUrl(url);
  const host = sshHostOf(remote);
  const options = { egress, signal, environment: { ...process.env, ...(caFile && { GIT_SSL_CAINFO: caFile }) } };
  if (!host || !issued) return lsRemote(remote, options);
  const privateKey = openSealed(issued.privateKey, issued.publicKey, secretKeys);
  try {
    const { state: pins } = await loadState({ store, decider: hostKeys, codec: hostKeyCodec }, streams.hostKeys());
    const deployKey: DeployKey = {
      publicKey: issued.publicKey,
      privateKey,
      hostKeys: [...(pins.get(host.name)?.keys ?? [])],
    };
    return await lsRemote(remote, { ...options, deployKey });
  } finally {
    privateKey.fill(0);
  }
}
