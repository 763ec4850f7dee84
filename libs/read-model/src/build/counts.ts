import { deleteRows, loadRows, upsertRows } from '../database/rows.js';
import type { Change, Unit } from '../views/view.js';
import { buildCountTable, countScope, type BuildCountRow, type BuildRow } from './table.js';

/** What changed rows add to the counters. Pure. */
export function countsOf(changes: Iterable<Change<BuildRow>>): readonly BuildCountRow[] {
  const counts = new Map<string, BuildCountRow>();
  const count = (row: BuildCountRow): void => void counts.set(row.scope, sum(counts.get(row.scope), row));
  for (const { before, after } of changes) {
    if (!after) continue;
    const [left, entered] = [scopesOf(before), scopesOf(after)];
    for (const scope of left) if (!entered.has(scope)) count({ scope, builds: -1, pushes: 0, pushed_at: null });
    for (const scope of entered) if (!left.has(scope)) count({ scope, builds: 1, pushes: 0, pushed_at: null });
    if (hasPushed(after) && !hasPushed(before))
      count({ scope: countScope.config(after.config_id), builds: 0, pushes: 1, pushed_at: after.ended_at });
  }
  return [...counts.values()];
}

/** Where a build is counted: nowhere when it was removed. */
function scopesOf(row: BuildRow | undefined): ReadonlySet<string> {
  if (!row || row.removed_at !== null) return new Set();
  const { namespace, repo_name: repoName, created_by: createdBy, status } = row;
  const lists = [
    countScope.namespace(namespace),
    countScope.repository(namespace, repoName),
    countScope.creator(createdBy),
  ];
  return new Set(lists.flatMap((scope) => [scope, countScope.status(scope, status)]));
}

/** Also one that was removed since: what it pushed is there. */
const hasPushed = (row: BuildRow | undefined): boolean => row?.state === 'succeeded' || row?.state === 'superseded';

/**
 * Adds to the counters; right because a view applies every event once. A counter of nothing goes, so that the rows do not
 * tell in what pieces the events came.
 */
export async function addCounts({ session, target }: Unit, changes: Iterable<Change<BuildRow>>): Promise<void> {
  const added = countsOf(changes);
  const counters = target(buildCountTable);
  const scopes = added.map(({ scope }) => scope);
  const known = new Map((await loadRows(session, counters, 'scope', scopes)).map((row) => [row.scope, row]));
  const sums = added.map((row) => sum(known.get(row.scope), row));
  const [nothing, something] = [sums.filter(isNothing), sums.filter((row) => !isNothing(row))];
  await upsertRows(session, counters, something);
  await deleteRows(
    session,
    counters,
    'scope',
    nothing.map(({ scope }) => scope),
  );
}

const isNothing = ({ builds, pushes }: BuildCountRow): boolean => builds === 0 && pushes === 0;

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
