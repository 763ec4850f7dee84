import { randomUUID } from 'node:crypto';
import { streams, type RepositoryEvent } from '@slipway/contracts';
import { commandHandler, connectEventStore, repositoryCodec, type EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { silentLogger } from '@slipway/platform';
import { fakeClock, startEventStoreServer, until, type TestServer } from '@slipway/testing';
import { resumeDeletions } from './resume-deletions.js';

const LIMIT_MS = 30_000;
const STALE_MS = 15_000;
const at = '2026-01-01T00:00:00.000Z';
let server: TestServer;
let store: EventStore;

beforeAll(async () => {
  server = await startEventStoreServer();
  store = connectEventStore({ url: server.url });
}, LIMIT_MS);
afterAll(async () => {
  await store.close();
  await server.stop();
}, LIMIT_MS);

/** A repository whose decider died right after it had announced the deletion. */
const left = async (namespace: string): Promise<string> => {
  const stream = streams.repository(namespace, 'left');
  const created = { namespace, repoName: 'left', description: '', fullDescription: '', isPublic: true };
  const config = { configId: 1, source: { client: 'Simple' as const, cloneUrl: 'https://git.example/app.git' } };
  const events: readonly RepositoryEvent[] = [
    { type: 'RepositoryCreated', data: { ...created, createdBy: 'alice', at } },
    {
      type: 'BuildConfigChanged',
      data: { ...config, buildNode: 'in', emailEnabled: false, tagConfigs: [], changedBy: 'alice', at },
    },
    { type: 'RepositoryDeletionBegan', data: { deletionId: randomUUID(), requestedBy: 'alice', at } },
  ];
  const asTold = { initial: undefined, decide: () => events, evolve: () => undefined };
  const context = { commandId: randomUUID(), at, actor: 'user:alice', correlationId: 'c-1' };
  await commandHandler(store, asTold, repositoryCodec)(stream, undefined, context);
  return stream;
};
const typesOf = async (stream: string): Promise<readonly string[]> =>
  (await store.read(stream)).map(({ type }) => type).slice(3);

/** While services do it whose orchestrator answers so, at a time after the announcement. */
const whileResuming = async <T>(
  { open, laterMs = STALE_MS }: { open: () => Promise<number>; laterMs?: number },
  work: () => Promise<T>,
): Promise<T> => {
  const clock = fakeClock(at);
  clock.advance(laterMs);
  const stop = new AbortController();
  const parts = { store, clock, countOpenBuilds: open, logger: silentLogger, sweepMs: 20, staleMs: STALE_MS };
  const services = [resumeDeletions(parts, stop.signal), resumeDeletions(parts, stop.signal)];
  try {
    return await work();
  } finally {
    stop.abort();
    await Promise.all(services);
  }
};

describe('a deletion whose decider died over it', () => {
  it('is brought to its end, once', async () => {
    const stream = await left('a.b');
    await whileResuming({ open: () => Promise.resolve(0) }, () => decided(stream));
    expect(await typesOf(stream)).toEqual(['RepositoryDeleted']);
  });

  it('is refused while builds are open', async () => {
    const busy = await left('busy');
    await whileResuming({ open: () => Promise.resolve(1) }, () => decided(busy));
    expect(await typesOf(busy)).toEqual(['RepositoryDeletionRefused']);
  });

  it('waits until somebody can say how many are', async () => {
    const stream = await left('unknown');
    let asked = 0;
    const open = async (): Promise<number> => {
      if (++asked <= 4) throw new AppError('SERVICE_UNAVAILABLE');
      return 0;
    };
    await whileResuming({ open }, () => decided(stream));
    expect(await typesOf(stream)).toEqual(['RepositoryDeleted']);
  });

  it('is left alone as long as its decider may be at work', async () => {
    const young = await left('young');
    let asked = 0;
    const open = () => Promise.resolve(++asked);
    await whileResuming({ open, laterMs: STALE_MS - 1 }, async () => {
      const beganAt = performance.now();
      await until(() => performance.now() - beganAt > 300); // many sweeps
    });
    expect([asked, await typesOf(young)]).toEqual([0, []]);
  });
});

const decided = (stream: string): Promise<unknown> =>
  until(async () => (await typesOf(stream)).length > 0, { limitMs: 10_000 });
