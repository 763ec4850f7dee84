import { repositoryOfStream, streams, type RepositoryEvent } from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec, uuidV5, type EventStore } from '@slipway/event-store';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { DeleteParts } from './delete-repository.js';
import { contextOf } from './reply.js';

/** How often begun deletions are looked at, ms. */
const SWEEP_MS = 5_000;
/** Longer than any that is at work takes, ms. */
const STALE_MS = 15_000;

interface ResumeParts extends DeleteParts {
  readonly logger: Logger;
  readonly sweepMs?: number;
  readonly staleMs?: number;
}

interface Begun {
  readonly deletionId: string;
  readonly requestedBy: string;
  readonly at: string;
}

/**
 * Brings deletions to their end whose decider died over them: until then their repository takes no build. Several
 * services may find the same one, since the first word about a deletion counts. Resolves when `signal` is aborted.
 */
export async function resumeDeletions(parts: ResumeParts, signal: AbortSignal): Promise<void> {
  const begun = new Map<string, Begun>();
  await Promise.all([follow(parts.store, begun, signal), sweepAgainAndAgain(parts, begun, signal)]);
}

async function follow(store: EventStore, begun: Map<string, Begun>, signal: AbortSignal): Promise<void> {
  const prefixes = [streams.repository('', '').slice(0, -'.'.length)];
  for await (const item of store.subscribeAll({ after: undefined, prefixes, signal })) {
    if (item.kind !== 'event' || !item.event.type.startsWith('RepositoryDelet')) continue;
    const event = repositoryCodec.decode(item.event);
    if (event) note(begun, item.event.stream, event);
  }
}

function note(begun: Map<string, Begun>, stream: string, { type, data }: RepositoryEvent): void {
  if (type === 'RepositoryDeletionBegan') begun.set(stream, data);
  if (type === 'RepositoryDeletionRefused' || type === 'RepositoryDeleted') begun.delete(stream);
}

async function sweepAgainAndAgain(
  parts: ResumeParts,
  begun: ReadonlyMap<string, Begun>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, sweepMs = SWEEP_MS, staleMs = STALE_MS } = parts;
  const isStale = ({ at }: Begun): boolean => Date.parse(clock.now()) - Date.parse(at) >= staleMs;
  while (!signal.aborted) {
    await pause(sweepMs, signal);
    for (const [stream, deletion] of begun)
      if (!signal.aborted && isStale(deletion)) await resume(parts, stream, deletion);
  }
}

/** Decides this deletion, and begins no other: it may have been decided since, and the repository may go on. */
async function resume(parts: ResumeParts, stream: string, { deletionId, requestedBy }: Begun): Promise<void> {
  const { store, clock, logger, countOpenBuilds } = parts;
  const named = repositoryOfStream(stream);
  if (!named) return;
  const { namespace, repoName } = named;
  try {
    const { state, position } = await loadState({ store, decider: repository, codec: repositoryCodec }, stream);
    if (state.phase !== 'present' || state.deletionId !== deletionId) return;
    const openBuilds = await countOpenBuilds({ namespace, repo_name: repoName, position });
    const at = clock.now();
    const data = { namespace, repoName, deletionId, openBuilds, by: requestedBy, at };
    const sender = { commandId: uuidV5(`resume/${deletionId}`), actor: requestedBy, correlationId: deletionId };
    const handle = commandHandler(store, repository, repositoryCodec);
    await handle(stream, { type: 'FinishDeletion', data }, contextOf(sender, at));
    logger.info({ namespace, repoName, deletionId, openBuilds }, 'deletion brought to its end');
  } catch (error) {
    logger.warn({ namespace, repoName, deletionId, error }, 'deletion not brought to its end, will be tried again');
  }
}
