import { postgresBinaries, startPostgres, until, type TestServer } from '@slipway/testing';
import { sql } from 'kysely';
import { openDatabase, type Database } from './open-database.js';

const LIMIT_MS = 60_000;

(postgresBinaries() === undefined ? describe.skip : describe)('a connection to PostgreSQL that breaks', () => {
  let server: TestServer;
  let database: Database;
  let other: Database;
  beforeAll(async () => {
    server = await startPostgres();
    database = openDatabase(server.url);
    other = openDatabase(server.url);
  }, LIMIT_MS);
  afterAll(async () => {
    await Promise.all([database.close(), other.close()]);
    await server.stop();
  }, LIMIT_MS);

  const backends = async (pid: number): Promise<number> =>
    (await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(other.db)).rows.length;

  it(
    'between two queries of a transaction fails the second one, and nothing else',
    async () => {
      const work = database.transaction(async ({ db }) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
        const { pid = 0 } = rows[0] ?? {};
        await sql`select pg_terminate_backend(${pid})`.execute(other.db);
        await until(async () => (await backends(pid)) === 0);
        await sql`select 1`.execute(db);
      });
      await expect(work).rejects.toThrow();
      expect((await sql`select 1`.execute(database.db)).rows).toHaveLength(1);
    },
    LIMIT_MS,
  );
});
