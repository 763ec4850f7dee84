import { repositoryOfStream, streams, type RepositoryEvent } from '@slipway/contracts';
import { repositoryCodec } from '@slipway/event-store';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import { reconcileRefs, type ReconcileParts } from './reconcile-refs.js';

/** How often it is looked which are due, ms; with a shorter interval as often as that. */
const SWEEP_MS = 1_000;
/** Code hosts that are asked at once. */
const AT_ONCE = 4;
/** A code host that does not answer is asked less often, up to so many intervals. */
const MAX_INTERVALS = 16;

export interface ReconcilerParts extends ReconcileParts {
  readonly logger: Logger;
  /** Where a build config says nothing else; undefined: never. */
  readonly intervalMs: number | undefined;
}

interface Due {
  readonly intervalMs: number;
  readonly nextMs: number;
  readonly failures: number;
}

/**
 * Compares every repository with continuous build again and again: a first time as soon as its build config is set.
 * Several services may do so at once. Resolves when `signal` is aborted.
 */
export async function reconcileRepositories(parts: ReconcilerParts, signal: AbortSignal): Promise<void> {
  const due = new Map<string, Due>();
  await Promise.all([follow(parts, due, signal), sweepAgainAndAgain(parts, due, signal)]);
}

/** A build config that is set is looked at soon, so that what is there by then is known. */
async function follow(
  { store, intervalMs: usualMs }: ReconcilerParts,
  due: Map<string, Due>,
  signal: AbortSignal,
): Promise<void> {
  const prefixes = [streams.repository('', '').slice(0, -'.'.length)];
  for await (const item of store.subscribeAll({ after: undefined, prefixes, signal })) {
    if (item.kind !== 'event') continue;
    const event = repositoryCodec.decode(item.event);
    const { stream } = item.event;
    if (event?.type === 'RepositoryDeleted') due.delete(stream);
    if (event?.type !== 'BuildConfigChanged') continue;
    const intervalMs = intervalOf(event.data, usualMs);
    if (intervalMs === undefined) due.delete(stream);
    else due.set(stream, { intervalMs, nextMs: 0, failures: 0 });
  }
}

type BuildConfig = Extract<RepositoryEvent, { type: 'BuildConfigChanged' }>['data'];

/** Undefined: never. Code at a URL is compared only where its build config says so. */
function intervalOf({ source, reconcileIntervalS }: BuildConfig, usualMs: number | undefined): number | undefined {
  if (typeof reconcileIntervalS === 'number') return reconcileIntervalS > 0 ? reconcileIntervalS * 1_000 : undefined;
  return source.client === 'Simple' ? undefined : usualMs;
}

async function sweepAgainAndAgain(parts: ReconcilerParts, due: Map<string, Due>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(Math.min(SWEEP_MS, parts.intervalMs ?? SWEEP_MS), signal);
    const nowMs = performance.now();
    const streamsDue = [...due].flatMap(([stream, { nextMs }]) => (nowMs >= nextMs ? [stream] : []));
    const worker = async (): Promise<void> => {
      for (let stream = streamsDue.pop(); stream !== undefined && !signal.aborted; stream = streamsDue.pop())
        await look(parts, { due, stream }, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}

async function look(
  parts: ReconcilerParts,
  { due, stream }: { readonly due: Map<string, Due>; readonly stream: string },
  signal: AbortSignal,
): Promise<void> {
  const named = repositoryOfStream(stream);
  const before = due.get(stream);
  if (!named || !before) return;
  let failures = 0;
  try {
    await reconcileRefs(parts, named, signal);
  } catch (error) {
    if (signal.aborted) return;
    failures = before.failures + 1;
    parts.logger.warn({ ...named, failures, error }, 'refs not compared, will be again');
  }
  const intervals = Math.min(2 ** failures, MAX_INTERVALS);
  const { intervalMs } = before;
  if (due.get(stream) === before)
    due.set(stream, { intervalMs, nextMs: performance.now() + intervalMs * intervals, failures });
}
