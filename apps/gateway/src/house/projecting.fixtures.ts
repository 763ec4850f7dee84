import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, NewEvent } from '@slipway/event-store';
import { applyBatch, NOWHERE, openDatabase, prepareViews, VIEWS } from '@slipway/read-model';
import { until } from '@slipway/testing';
import { at } from './told.fixtures.js';

export interface Projecting {
  /** Called for every event before it is applied: how far the views are behind, ms. */
  readonly lagMs: () => number;
  readonly announce: (changed: ReadonlyMap<string, readonly string[]>) => void;
}

/** What apps/projections does, event by event. */
export async function project(
  store: EventStore,
  databaseUrl: string,
  { lagMs, announce }: Projecting,
): Promise<{ readonly caughtUp: () => Promise<void>; readonly stop: () => Promise<void> }> {
  const database = openDatabase(databaseUrl);
  await prepareViews(database, VIEWS);
  const stopping = new AbortController();
  const problems: unknown[] = [];
  let after = NOWHERE;
  const run = async (): Promise<void> => {
    for await (const item of store.subscribeAll({ after: undefined, prefixes: [''], signal: stopping.signal })) {
      if (item.kind !== 'event') continue;
      const { position } = item.event;
      if (lagMs() > 0) await pause(lagMs());
      const batch = { after, upTo: position, events: [item.event] };
      const applied = await applyBatch(database, VIEWS, batch, (_, problem) => problems.push(problem));
      after = position;
      if (applied.outcome === 'applied') announce(applied.changed);
    }
  };
  const done = run().catch((error: unknown) => void problems.push(error));
  return {
    caughtUp: async () => {
      const marker = await store.append('marker', [markerEvent()], 'any');
      await until(() => after >= marker.position || problems.length > 0, { limitMs: 30_000, what: 'the views' });
      if (problems.length > 0) throw new Error('the projection failed', { cause: problems[0] });
    },
    stop: async () => {
      stopping.abort();
      await done;
      await database.close();
    },
  };
}

function markerEvent(): NewEvent {
  const id = randomUUID();
  const metadata = { at, actor: 'test', $correlationId: id, $causationId: id, version: 1 };
  return { id, type: 'Marked', data: {}, metadata };
}
