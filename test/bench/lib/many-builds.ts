import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { applyBatch, NOWHERE, openDatabase, prepareViews, VIEWS } from '@slipway/read-model';
import { buildHistory, stored, userHistory } from '@slipway/read-model/fixtures';

export const NAMESPACES = 100;
export const namespaceOf = (number: number): string => `team-${number % NAMESPACES}`;

/**
 * A read model in its own tables, with so many builds in {@link NAMESPACES} namespaces in turn. One is projected from its
 * events, the others are copies of its row: replaying millions of events is what the bench `projections` measures.
 */
export async function fillBuilds(path: string, builds: number, token: string): Promise<void> {
  const database = openDatabase(`sqlite:${path}`);
  await prepareViews(database, VIEWS);
  const spec = { namespace: namespaceOf(1), repoName: 'app', requestedBy: 'alice' };
  const events = (await stored([userHistory('alice'), buildHistory(1, { spec, steps: 5 })])).map((event, index) => ({
    ...event,
    position: index + 1,
  }));
  await applyBatch(database, VIEWS, { after: NOWHERE, upTo: events.length, events }, () => {});
  await database.close();
  copyRow(path, builds, createHash('sha256').update(token).digest('hex'));
}

/** Without a single sync: a bench that is cut short starts again. */
function copyRow(path: string, builds: number, tokenHash: string): void {
  const db = new DatabaseSync(path);
  db.exec('pragma synchronous = off; pragma cache_size = -262144; begin');
  const names = db.prepare("select name from pragma_table_info('build')").all();
  const copied = names.map(({ name }) => VALUES[String(name)] ?? `"${String(name)}"`);
  const indexes = db
    .prepare("select name, sql from sqlite_schema where type = 'index' and tbl_name = 'build' and sql is not null")
    .all();
  for (const { name } of indexes) db.exec(`drop index "${String(name)}"`); // made again over all rows: much faster
  db.exec(
    `insert into build with recursive number(n) as (select 2 union all select n + 1 from number where n < ${builds}) ` +
      `select ${copied.join(', ')} from build, number`,
  );
  for (const { sql } of indexes) db.exec(String(sql));
  db.exec(
    `delete from build_count; insert into build_count (scope, builds, pushes, pushed_at) ` +
      `select 'namespace:' || namespace, count(*), 0, null from build group by namespace`,
  );
  db.exec("update user_account set is_admin = 1 where name = 'alice'");
  db.prepare("update user_token set token_hash = ? where user_name = 'alice'").run(tokenHash);
  db.exec('commit; pragma wal_checkpoint(truncate)');
  db.close();
}

/** What one copy does not have in common with another. */
const VALUES: Readonly<Record<string, string>> = {
  build_id: "printf('00000000-0000-4000-8000-%012x', n)",
  position: '1000 + n',
  namespace: `'team-' || (n % ${NAMESPACES})`,
};
