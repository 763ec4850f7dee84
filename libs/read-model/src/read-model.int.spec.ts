import { decodeLogChunk } from '@slipway/contracts';
import { sql } from 'kysely';
import { openDatabase, type Database } from './database/open-database.js';
import {
  buildHistory,
  buildIdOf,
  instant,
  logHistory,
  onEachDatabase,
  repositoryHistory,
  stored,
  tokenHash,
  userHistory,
} from './fixtures/index.js';
import { openReadModel, type ReadModel } from './read-model.js';
import { applyBatch } from './views/apply-batch.js';
import { prepareViews } from './views/prepare.js';
import { NOWHERE } from './views/registry.js';
import { VIEWS } from './views/views.js';

onEachDatabase((fresh) => {
  let database: Database;
  let readModel: ReadModel;

  beforeAll(async () => {
    const { url } = await fresh();
    database = openDatabase(url);
    readModel = openReadModel(url, { readOnly: true });
    await prepareViews(database, VIEWS);
    const events = await stored([
      userHistory('alice', 2),
      repositoryHistory('alice', 'app'),
      buildHistory(1),
      buildHistory(2, { end: 'failed' }),
      buildHistory(3),
      logHistory(1, { chunks: 5, lines: 10 }),
    ]);
    await applyBatch(database, VIEWS, { after: NOWHERE, upTo: events.length, events }, () => {});
  });
  afterAll(async () => {
    await readModel.close();
    await database.close();
  });

  const numbersOf = async (options: Parameters<ReadModel['logs']['read']>[1]): Promise<readonly number[]> =>
    (await readModel.logs.read(buildIdOf(1), options)).map(({ first_line }) => first_line);

  it('reads a log from any line on', async () => {
    expect(await readModel.logs.totalLines(buildIdOf(1))).toBe(50);
    expect(await numbersOf({ fromLine: 1 })).toEqual([1, 11, 21, 31, 41]);
    expect(await numbersOf({ fromLine: 20 })).toEqual([11, 21, 31, 41]);
    expect(await numbersOf({ fromLine: 21 })).toEqual([21, 31, 41]);
    expect(await numbersOf({ fromLine: 21, maxChunks: 2 })).toEqual([21, 31]);
    expect(await numbersOf({ fromLine: 51 })).toEqual([]);
    expect(await readModel.logs.read(buildIdOf(9), { fromLine: 1 })).toEqual([]);
    expect(await readModel.logs.totalLines(buildIdOf(9))).toBe(0);
  });

  it('gives back the bytes of a chunk', async () => {
    const [, second] = await readModel.logs.read(buildIdOf(1), { fromLine: 1 });
    expect(decodeLogChunk(second?.chunk as Uint8Array)[0]).toMatchObject({
      message: 'line 11: the quick brown fox jumps over the lazy dog',
    });
  });

  it('leaves out chunks of another time', async () => {
    const time = (line: number): number => Date.parse(instant(line));
    expect(await numbersOf({ fromLine: 1, fromTime: time(20), toTime: time(31) })).toEqual([11, 21, 31]);
    expect(await numbersOf({ fromLine: 1, fromTime: time(51) })).toEqual([]);
  });

  it('finds the user of a token', async () => {
    expect(await readModel.users.byTokenHash(tokenHash(1))).toMatchObject({
      user: { name: 'alice', email: null, is_admin: false, is_active: true, created_at: instant() },
      token: { user_name: 'alice', token_hash: tokenHash(1), scope: 'admin', namespace: null, expires_at: null },
    });
    expect(await readModel.users.byTokenHash(tokenHash(7))).toBeUndefined();
  });

  it('counts what was pushed into a repository', async () => {
    const { ended_at } = (await readModel.builds.get(buildIdOf(3))) ?? {};
    expect(await readModel.repositories.get('alice', 'app')).toMatchObject({ upload: 2, pushed_at: ended_at });
    expect(await readModel.repositories.get('alice', 'other')).toBeUndefined();
  });

  it('does not know every build', async () =>
    expect(await readModel.builds.get('00000000-0000-4000-8000-000000000000')).toBeUndefined());

  it('refuses to write through a reader', async () => {
    const reader = openDatabase((await fresh()).url, { readOnly: true });
    await expect(sql`create table oops (id text)`.execute(reader.db)).rejects.toThrow();
    await reader.close();
  });

  it('is unavailable before anything was made, and then there', async () => {
    const { url } = await fresh();
    const early = openReadModel(url, { readOnly: true });
    await expect(early.builds.get(buildIdOf(1))).rejects.toMatchObject({ code: 'READ_MODEL_UNAVAILABLE' });
    await expect(early.checkpoints.problem()).rejects.toMatchObject({ code: 'READ_MODEL_UNAVAILABLE' });
    const writer = openDatabase(url);
    await prepareViews(writer, VIEWS);
    expect(await early.builds.get(buildIdOf(1))).toBeUndefined();
    expect(await early.checkpoints.problem()).toBeUndefined();
    expect(await early.checkpoints.of('build')).toBe(NOWHERE);
    await writer.close();
    await early.close();
  });
});

describe('a database', () => {
  it('is unavailable while its server is away', async () => {
    const away = openReadModel('postgres://slipway@127.0.0.1:1/postgres', { readOnly: true });
    await expect(away.builds.get(buildIdOf(1))).rejects.toMatchObject({ code: 'READ_MODEL_UNAVAILABLE' });
    await away.close();
  });

  it('is SQLite or PostgreSQL', () => expect(() => openDatabase('mysql://localhost/x')).toThrow('DATABASE_URL'));
});
