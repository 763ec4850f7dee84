import { startEventStoreServer, until, type TestServer } from '@slipway/testing';
import { newEvent, newEvents, uniqueName } from '../contract/port.fixtures.js';
import type { EventStore, SubscriptionItem } from '../port.js';
import { connectEventStore } from './connect.js';

describe('a client whose server comes and goes', () => {
  let server: TestServer;
  let store: EventStore;
  beforeAll(async () => {
    server = await startEventStoreServer();
  }, 30_000);
  beforeEach(() => {
    store = connectEventStore({ url: server.url });
  });
  afterEach(() => store.close());
  afterAll(() => server.stop(), 15_000);

  it.each(['kill', 'stop'] as const)(
    'finishes appends that were under way, once each (%s)',
    async (how) => {
      const stream = uniqueName();
      const appends = Array.from({ length: 300 }, (_, n) =>
        store.append(stream, [newEvent({ n, text: 'x'.repeat(20_000) })], 'any'),
      );
      await appends[0];
      if (how === 'kill') await server.kill();
      await server.restart();
      const revisions = (await Promise.all(appends)).map(({ revision }) => revision);
      expect(revisions.sort((a, b) => a - b)).toEqual(revisions.map((_, index) => index));
      expect(await store.read(stream)).toHaveLength(300);
    },
    30_000,
  );

  it('follows through restarts without a gap or a repetition, and says so', async () => {
    const warnings: string[] = [];
    const logger = { warn: (_: unknown, message: string) => void warnings.push(message) };
    const follower = connectEventStore({ url: server.url, logger });
    const stream = uniqueName();
    const items: SubscriptionItem[] = [];
    const abort = new AbortController();
    const following = (async () => {
      const options = { after: undefined, prefixes: [stream], signal: abort.signal };
      for await (const item of follower.subscribeAll(options)) items.push(item);
    })();
    const revisions = (): number[] => items.flatMap((item) => (item.kind === 'event' ? [item.event.revision] : []));
    for (let round = 0; round < 3; round++) {
      await store.append(stream, newEvents(50), round * 50 - 1);
      await until(() => revisions().length > round * 50);
      await server.kill();
      await server.restart();
    }
    await until(() => revisions().length >= 150);
    abort.abort();
    await following;
    await follower.close();
    expect(revisions()).toEqual(Array.from({ length: 150 }, (_, revision) => revision));
    expect(warnings).toContain('subscription interrupted');
  }, 30_000);

  it('gives up on a server that stays away, and finds it when it is back', async () => {
    const stream = uniqueName();
    const hasty = connectEventStore({ url: server.url, patienceMs: 500 });
    await hasty.append(stream, newEvents(1), -1);
    await server.kill();
    const away = { code: 'STORE_UNAVAILABLE', kind: 'unavailable' };
    const calls = [hasty.ping(), hasty.read(stream), hasty.append(stream, newEvents(1), 0)];
    for (const outcome of await Promise.allSettled(calls))
      expect(outcome).toMatchObject({ status: 'rejected', reason: away });
    await server.restart();
    expect(await hasty.read(stream)).toHaveLength(1);
    expect(await hasty.append(stream, newEvents(1), 0)).toMatchObject({ revision: 1 });
    await hasty.ping();
    await hasty.close();
  }, 40_000);

  it('gives up on a server that hangs; the same append again tells what became of it', async () => {
    const stream = uniqueName();
    const hasty = connectEventStore({ url: server.url, patienceMs: 1_000 });
    const events = newEvents(2);
    await hasty.append(stream, newEvents(1), -1);
    process.kill(server.pid, 'SIGSTOP');
    try {
      await expect(hasty.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(hasty.append(stream, events, 0)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    expect(await hasty.append(stream, events, 0)).toMatchObject({ revision: 2 });
    expect(await hasty.read(stream)).toHaveLength(3);
    await hasty.close();
  }, 40_000);
});
