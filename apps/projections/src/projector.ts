import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, Position } from '@slipway/event-store';
import { AppError, Doubling } from '@slipway/kernel';
import { countMany, type Logger } from '@slipway/platform';
import {
  applyBatch,
  NoLongerActive,
  NOWHERE,
  resumeAfter,
  type Active,
  type Database,
  type OnPoison,
  type View,
} from '@slipway/read-model';
import { readBatches } from './batches.js';

export interface ProjectorOptions {
  readonly store: EventStore;
  readonly database: Database;
  readonly views: readonly View[];
  /** Who projects: of several only the active one may write. */
  readonly by: Active;
  /** After a commit: the keys that changed, by view. */
  readonly announce: (changed: ReadonlyMap<string, readonly string[]>) => void;
  readonly onPoison: OnPoison;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Projector {
  /** The views have once shown everything there was. */
  readonly isCaughtUp: () => boolean;
  /** The views show everything up to there. `undefined`: not known yet. */
  readonly position: () => Position | undefined;
  /** Resolves after the signal, when the last batch is written. Never rejects. */
  readonly done: Promise<void>;
}

const PAUSE_MS = { first: 100, most: 5_000 } as const;

/** One subscription drives all views, and goes on from their checkpoints after whatever has gone wrong. */
export function startProjector(options: ProjectorOptions): Projector {
  const progress: Progress = { isCaughtUp: false, position: undefined, pauses: new Doubling(PAUSE_MS) };
  return {
    isCaughtUp: () => progress.isCaughtUp,
    position: () => progress.position,
    done: run(options, progress),
  };
}

interface Progress {
  isCaughtUp: boolean;
  position: Position | undefined;
  /** Before the next try; back to the first after a batch that went well. */
  readonly pauses: Doubling;
}

async function run(options: ProjectorOptions, progress: Progress): Promise<void> {
  const { logger, signal } = options;
  while (!signal.aborted) {
    try {
      await follow(options, progress);
    } catch (error) {
      const isKnown = error instanceof NoLongerActive || (error instanceof AppError && error.kind === 'unavailable');
      logger[isKnown ? 'warn' : 'error']({ error, pauseMs: progress.pauses.ms }, 'projection interrupted');
    }
    await pause(progress.pauses.next(), undefined, { signal }).catch(() => {});
  }
}

/** From the checkpoints on, until the signal or until a view turns out to lie further back. */
async function follow(options: ProjectorOptions, progress: Progress): Promise<void> {
  const { store, database, views, by, announce, onPoison, logger, signal } = options;
  let after = await resumeAfter(database, views);
  progress.position = after;
  logger.info({ after }, 'projection begins');
  const subscription = {
    after: after === NOWHERE ? undefined : after,
    prefixes: views.map(({ prefix }) => prefix),
    signal,
  };
  for await (const { events, upTo, isCaughtUp } of readBatches(store, subscription)) {
    if (upTo !== undefined && upTo > after) {
      const applied = await applyBatch(database, views, { after, upTo, events, by }, onPoison);
      if (applied.outcome === 'gap') return logger.warn({ view: applied.view, after }, 'view lies further back');
      announce(applied.changed);
      after = upTo;
      progress.position = upTo;
      countMany('slipway_projected_events_total', events.length);
      progress.pauses.reset();
    }
    if (isCaughtUp && !progress.isCaughtUp) {
      progress.isCaughtUp = true;
      logger.info({ position: after }, 'projection caught up');
    }
  }
}
