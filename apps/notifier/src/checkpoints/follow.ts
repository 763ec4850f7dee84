import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, Position, StoredEvent } from '@slipway/event-store';
import { AppError, Doubling } from '@slipway/kernel';
import { TenureLost, type Logger } from '@slipway/platform';
import type { Checkpoint } from './checkpoint.js';

export interface FollowOptions {
  readonly store: EventStore;
  /** Of the streams that are followed, all in one order. */
  readonly prefixes: readonly string[];
  readonly checkpoint: Checkpoint;
  /** Called for one event after the other. Must be safe to run twice. */
  readonly take: (event: StoredEvent) => Promise<void>;
  /** From where a later start must read, when everything up to `seen` has been taken. */
  readonly resumeAfter: (seen: Position) => Position;
  readonly onCaughtUp: () => void;
  /** Throws when somebody else may be at it: before each event, and before the checkpoint. */
  readonly assertCurrent: () => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const CHECKPOINT_MS = 2_000;
const PAUSE_MS = { first: 100, most: 5_000 } as const;

/** Follows event streams until the signal, and goes on from the checkpoint after whatever has gone wrong. Never rejects. */
export async function follow(options: FollowOptions): Promise<void> {
  const { logger, signal, prefixes } = options;
  const pauses = new Doubling(PAUSE_MS);
  while (!signal.aborted) {
    try {
      await followOnce(options, () => pauses.reset());
    } catch (error) {
      if (error instanceof TenureLost) return; // its successor goes on
      const isKnown = error instanceof AppError && error.kind === 'unavailable';
      logger[isKnown ? 'warn' : 'error']({ error, prefixes, pauseMs: pauses.ms }, 'following interrupted');
    }
    await pause(pauses.next(), undefined, { signal }).catch(() => {});
  }
}

async function followOnce(options: FollowOptions, onTaken: () => void): Promise<void> {
  const { store, prefixes, checkpoint, resumeAfter, onCaughtUp, assertCurrent, signal } = options;
  const after = await checkpoint.read();
  let written = after;
  let writtenAt = performance.now();
  let seen: Position | undefined;
  const save = async (): Promise<void> => {
    const from = seen === undefined ? undefined : resumeAfter(seen);
    if (from !== undefined && from > (written ?? -1)) {
      assertCurrent();
      await checkpoint.write(from);
    }
    [written, writtenAt] = [from ?? written, performance.now()];
  };
  for await (const item of store.subscribeAll({ after, prefixes, signal })) {
    if (item.kind === 'caught-up') onCaughtUp();
    if (item.kind !== 'event') continue;
    assertCurrent();
    await takeReadable(options, item.event);
    seen = item.event.position;
    onTaken();
    if (performance.now() - writtenAt >= CHECKPOINT_MS) await save();
  }
  await save();
}

/** An event that cannot be read, or that we stumble over, must not stop the others: somebody has to look at it. */
async function takeReadable({ take, logger }: FollowOptions, event: StoredEvent): Promise<void> {
  try {
    await take(event);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { stream, revision, type } = event;
    logger.error({ error, stream, revision, type }, 'event passed over');
  }
}
