import type { EventStore, StoredEvent } from '@slipway/event-store';
import {
  beginGeneration,
  foldGeneration,
  NOWHERE,
  swapGeneration,
  type Database,
  type OnPoison,
  type View,
} from '@slipway/read-model';
import { readBatches } from './batches.js';

/** How long the swap may hold up the projections of the running service, ms. */
const SWAP_LIMIT_MS = 3_000;
const MAX_SWAPS = 20;

export interface RebuildOptions {
  readonly store: EventStore;
  readonly database: Database;
  readonly view: View;
  readonly onPoison: OnPoison;
  /** Events folded so far. */
  readonly onProgress?: (events: number) => void;
  readonly signal: AbortSignal;
}

export interface Rebuilt {
  readonly events: number;
  /** The view's checkpoint after the swap. */
  readonly position: number;
}

/**
 * Replays a view from the first event into new tables, while the old ones are read and written, and puts them in their
 * place when they hold as much. Interrupted, it has changed nothing.
 * @throws RebuildOvertaken when a newer rebuild of the view began
 */
export async function rebuildView({
  store,
  database,
  view,
  onPoison,
  onProgress,
  signal,
}: RebuildOptions): Promise<Rebuilt> {
  const generation = await beginGeneration(database, view);
  let events = 0;
  const counted =
    (fold: Fold): Fold =>
    async (some) => {
      await fold(some);
      events += some.length;
      onProgress?.(events);
    };
  const outside = counted((some) => foldGeneration(database, generation, some, onPoison));
  let after = await foldToTheEnd({ store, view, after: NOWHERE, signal }, outside);
  for (let swaps = 1; ; swaps++) {
    after = await foldToTheEnd({ store, view, after, signal }, outside);
    const limit = AbortSignal.timeout(SWAP_LIMIT_MS);
    const place = { store, view, after, signal: AbortSignal.any([signal, limit]) };
    const seen = events;
    try {
      const position = await swapGeneration(
        database,
        generation,
        (fold) => foldToTheEnd(place, counted(fold)),
        onPoison,
      );
      return { events, position };
    } catch (error) {
      events = seen; // rolled back
      if (!limit.aborted || signal.aborted || swaps === MAX_SWAPS) throw error;
    }
  }
}

type Fold = (events: readonly StoredEvent[]) => Promise<void>;

interface Place {
  readonly store: EventStore;
  readonly view: View;
  readonly after: number;
  readonly signal: AbortSignal;
}

/** Everything that was there when it began, and perhaps some more. Answers the position of the last event. */
async function foldToTheEnd({ store, view, after, signal }: Place, fold: Fold): Promise<number> {
  let position = after;
  const subscription = { after: after === NOWHERE ? undefined : after, prefixes: [view.prefix], signal, fill: true };
  for await (const { events, upTo, isCaughtUp } of readBatches(store, subscription)) {
    if (events.length > 0) await fold(events);
    position = upTo ?? position;
    if (isCaughtUp) return position;
  }
  throw signal.reason ?? new Error('the subscription ended');
}
