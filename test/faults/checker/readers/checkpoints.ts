import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@slipway/read-model';
import type { Checkpoint } from '../history.js';

const LOOK_EVERY_MS = 100;

export interface CheckpointWatch {
  /** Every change that was seen, in order. */
  readonly seen: readonly Checkpoint[];
  /** Begins anew: the database was dropped. */
  readonly forget: () => void;
  readonly stop: () => Promise<void>;
}

/** Looks again and again, also while the database is away. */
export function watchCheckpoints(url: string): CheckpointWatch {
  const database = openDatabase(url, { readOnly: true });
  const seen: Checkpoint[] = [];
  const last = new Map<string, string>();
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    const rows = await database.db.selectFrom('read_model_view').select(['view', 'generation', 'position']).execute();
    for (const row of rows) {
      const text = `${row.generation} ${row.position}`;
      if (last.get(row.view) !== text) seen.push(row);
      last.set(row.view, text);
    }
  };
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await look().catch(() => undefined);
      await pause(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const watching = watch();
  return {
    seen,
    forget: () => {
      seen.length = 0;
      last.clear();
    },
    stop: async () => {
      stop.abort();
      await watching;
      await database.close();
    },
  };
}
