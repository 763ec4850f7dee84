import type { StoredEvent } from '@slipway/event-store';
import { assertActive, type Active } from '../active/active-records.js';
import type { Database, Session } from '../database/open-database.js';
import { available } from '../database/unavailable.js';
import { advanceCheckpoint, lockRegistry, NOWHERE, type RegistryRow } from './registry.js';
import type { OnPoison, View } from './view.js';

/** Every event of the views' streams in `(after, upTo]`, in order. */
export interface EventBatch {
  readonly after: number;
  readonly upTo: number;
  readonly events: readonly StoredEvent[];
  /** Who writes it, where of several only one may. Absent: whoever likes. */
  readonly by?: Active;
}

export type Applied =
  /** Keys that changed, by view. */
  | { readonly outcome: 'applied'; readonly changed: ReadonlyMap<string, readonly string[]> }
  /** A view lacks events from before the batch; nothing was changed. Read again after its checkpoint. */
  | { readonly outcome: 'gap'; readonly view: string };

/**
 * Rows and checkpoints of all views in one transaction. Each view applies only what comes after its own checkpoint,
 * so a batch may come again, in other pieces too, and from several processes at once. A view of another version is
 * left alone: a rebuild sees to it.
 * @throws READ_MODEL_UNAVAILABLE; the batch may come again. NoLongerActive
 */
export function applyBatch(
  database: Database,
  views: readonly View[],
  batch: EventBatch,
  onPoison: OnPoison,
): Promise<Applied> {
  return available(() =>
    database.transaction(async (session) => {
      if (batch.by) await assertActive(session, batch.by);
      const registry = await lockRegistry(session);
      const due = views.flatMap((view) => {
        const row = registry.get(view.name);
        return row && row.version === view.version && row.position < batch.upTo ? [{ view, row }] : [];
      });
      const behind = due.find(({ row }) => row.position < batch.after);
      if (behind) return { outcome: 'gap', view: behind.view.name };
      const changed = new Map<string, readonly string[]>();
      for (const { view, row } of due) changed.set(view.name, await applyTo(session, { view, row }, batch, onPoison));
      return { outcome: 'applied', changed };
    }),
  );
}

async function applyTo(
  session: Session,
  { view, row }: { readonly view: View; readonly row: RegistryRow },
  { events, upTo }: EventBatch,
  onPoison: OnPoison,
): Promise<readonly string[]> {
  const news = events.filter(({ stream, position }) => position > row.position && stream.startsWith(view.prefix));
  const target = liveTarget;
  const changed = news.length === 0 ? [] : await view.project({ session, target, onPoison }, news);
  await advanceCheckpoint(session, view.name, upTo);
  return changed;
}

const liveTarget = <T extends { readonly name: string }>(
  table: T,
): { readonly table: T; readonly physical: string } => ({
  table,
  physical: table.name,
});

/** The place after which reading must start so that no view of this version of the code misses an event. */
export function resumeAfter(database: Database, views: readonly View[]): Promise<number> {
  return available(async () => {
    const rows = await database.db.selectFrom('read_model_view').selectAll().execute();
    const positions = views.flatMap(({ name, version }) =>
      rows.filter((row) => row.view === name && row.version === version).map(({ position }) => position),
    );
    return positions.length === 0 ? NOWHERE : Math.min(...positions);
  });
}
