import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@slipway/event-store';
import { standBy, watch, type Logger, type Role, type StandbyTimes, type Tenure } from '@slipway/platform';
import { activeRecords, prepareViews, resumeAfter, type Database, type View } from '@slipway/read-model';
import { watchLag } from './lag.js';
import { countPoison } from './poison.js';
import { startProjector, type Projector, type ProjectorOptions } from './projector.js';
import { rebuildStale } from './stale-views.js';

export interface ProjectionsOptions {
  readonly store: EventStore;
  readonly database: Database;
  readonly views: readonly View[];
  readonly announce: ProjectorOptions['announce'];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly times?: StandbyTimes;
}

export interface Projections {
  /** `undefined`: not known yet. */
  readonly role: () => Role | undefined;
  /** Only the active one ever is. */
  readonly isCaughtUp: () => boolean;
  /** Why it is not ready; one that stands by is. */
  readonly problem: () => string | undefined;
  /** Events passed over since the start. */
  readonly poisonCount: () => number;
  /** Resolves after the signal, when nothing is written any more. Never rejects. */
  readonly done: Promise<void>;
}

const SERVICE = 'projections';

/**
 * Prepares the tables, waiting for the database if need be, and projects until the signal. Of several processes one does,
 * and the others wait for its end.
 */
export function startProjections(options: ProjectionsOptions): Projections {
  const { database, logger, signal } = options;
  const poison = countPoison(logger);
  let projector: Projector | undefined;
  const work = async ({ holder, signal: ended }: Tenure): Promise<void> => {
    const parts = { ...options, by: { service: SERVICE, holder }, onPoison: poison.onPoison, signal: ended };
    const stale = await prepareWhenPossible(parts);
    projector = startProjector(parts);
    await Promise.all([projector.done, rebuildStale(stale, parts)]);
    projector = undefined;
  };
  const standby = standBy({
    records: activeRecords(database, SERVICE),
    work,
    logger,
    signal,
    ...(options.times && { times: options.times }),
  });
  watchLag(options, async () => projector?.position() ?? (await resumeAfter(database, options.views)));
  watch('slipway_active', () => [{ labels: { service: SERVICE }, value: standby.role() === 'active' ? 1 : 0 }]);
  return {
    role: standby.role,
    isCaughtUp: () => projector?.isCaughtUp() ?? false,
    problem: () => {
      const role = standby.role();
      if (role === undefined) return 'not known yet who is active';
      return role === 'standby' || projector?.isCaughtUp() ? undefined : 'not caught up yet';
    },
    poisonCount: poison.count,
    done: standby.done,
  };
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
