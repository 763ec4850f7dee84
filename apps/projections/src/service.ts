import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@slipway/event-store';
import type { Logger } from '@slipway/platform';
import { prepareViews, type Database, type View } from '@slipway/read-model';
import { watchLag } from './lag.js';
import { countPoison } from './poison.js';
import { startProjector, type ProjectorOptions } from './projector.js';
import { rebuildStale } from './stale-views.js';

export interface ProjectionsOptions {
  readonly store: EventStore;
  readonly database: Database;
  readonly views: readonly View[];
  readonly announce: ProjectorOptions['announce'];
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Projections {
  readonly isCaughtUp: () => boolean;
  /** Events passed over since the start. */
  readonly poisonCount: () => number;
  /** Resolves after the signal, when nothing is written any more. Never rejects. */
  readonly done: Promise<void>;
}

/** Prepares the tables, waiting for the database if need be, and projects until the signal. */
export function startProjections(options: ProjectionsOptions): Projections {
  const poison = countPoison(options.logger);
  let isCaughtUp = (): boolean => false;
  const run = async (): Promise<void> => {
    const stale = await prepareWhenPossible(options);
    if (options.signal.aborted) return;
    const projector = startProjector({ ...options, onPoison: poison.onPoison });
    ({ isCaughtUp } = projector);
    watchLag(options, projector.position);
    await Promise.all([projector.done, rebuildStale(stale, { ...options, onPoison: poison.onPoison })]);
  };
  return { isCaughtUp: () => isCaughtUp(), poisonCount: poison.count, done: run() };
}

const PREPARE_PAUSE_MS = 1_000;

async function prepareWhenPossible({ database, views, logger, signal }: ProjectionsOptions): Promise<readonly View[]> {
  while (!signal.aborted) {
    try {
      return await prepareViews(database, views);
    } catch (error) {
      logger.warn({ error, pauseMs: PREPARE_PAUSE_MS }, 'read model not ready');
      await pause(PREPARE_PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }
  return [];
}
