import { loadRows, upsertRows } from '../database/rows.js';
import type { Change, Unit } from '../views/view.js';
import { buildCountTable, countScope, type BuildCountRow, type BuildRow } from './table.js';

/** What changed rows add to the counters. Pure. */
export function countsOf(changes: Iterable<Change<BuildRow>>): readonly BuildCountRow[] {
  const counts = new Map<string, BuildCountRow>();
  const count = (row: BuildCountRow): void => void counts.set(row.scope, sum(counts.get(row.scope), row));
  for (const { before, after } of changes) {
    if (!after) continue;
    const listed = Number(isListed(after)) - Number(isListed(before));
    if (listed !== 0)
      for (const scope of [
        countScope.namespace(after.namespace),
        countScope.repository(after.namespace, after.repo_name),
        countScope.creator(after.created_by),
      ])
        count({ scope, builds: listed, pushes: 0, pushed_at: null });
    if (hasPushed(after) && !hasPushed(before))
      count({ scope: countScope.config(after.config_id), builds: 0, pushes: 1, pushed_at: after.ended_at });
  }
  return [...counts.values()];
}

const isListed = (row: BuildRow | undefined): boolean => row?.removed_at === null;

/** Also one that was removed since: what it pushed is there. */
const hasPushed = (row: BuildRow | undefined): boolean => row?.state === 'succeeded' || row?.state === 'superseded';

/** Adds to the counters; right because a view applies every event once. */
export async function addCounts({ session, target }: Unit, changes: Iterable<Change<BuildRow>>): Promise<void> {
  const added = countsOf(changes);
  const counters = target(buildCountTable);
  const scopes = added.map(({ scope }) => scope);
  const known = new Map((await loadRows(session, counters, 'scope', scopes)).map((row) => [row.scope, row]));
  await upsertRows(
    session,
    counters,
    added.map((row) => sum(known.get(row.scope), row)),
  );
}

function sum(left: BuildCountRow | undefined, right: BuildCountRow): BuildCountRow {
  if (!left) return right;
  const pushedAt = [left.pushed_at, right.pushed_at].filter((at) => at !== null).sort();
  return {
    scope: right.scope,
    builds: left.builds + right.builds,
    pushes: left.pushes + right.pushes,
    pushed_at: pushedAt.at(-1) ?? null,
  };
}
