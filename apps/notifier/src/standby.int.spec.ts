import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { connectEventStore, type EventStore } from '@slipway/event-store';
import { activeRecords, openDatabase, type Database } from '@slipway/read-model';
import { append, buildHistory } from '@slipway/read-model/fixtures';
import { startEventStoreServer, temporaryDirectory, until, type TestServer } from '@slipway/testing';
import { addHook, runNotifier, startReceiver, type Receiver, type RunningNotifier } from './notifier.fixtures.js';

const LIMIT = { limitMs: 60_000 };
/** Long enough for a machine that is busy with other tests. */
const times = { beatMs: 100, doubtMs: 10_000, deadMs: 20_000, pollMs: 50 };

describe('of two notifiers over one database', () => {
  const directory = temporaryDirectory();
  const namespace = `n${randomUUID().slice(0, 8)}`;
  let server: TestServer;
  let store: EventStore;
  let databases: Database[];
  let receiver: Receiver;
  let running: RunningNotifier[];
  let builds = 0;

  const records = (index: number) => activeRecords(databases[index]!, 'notifier');
  const start = (index: number): RunningNotifier => runNotifier(store, { active: records(index), times });
  const build = async (): Promise<void> => {
    builds += 1;
    await append(store, [buildHistory(builds, { spec: { namespace } })]);
  };
  const isTold = (count: number): Promise<boolean> => until(() => receiver.received.length >= count, LIMIT);

  beforeAll(async () => {
    server = await startEventStoreServer();
    store = connectEventStore({ url: server.url });
    databases = [0, 1].map(() => openDatabase(`sqlite:${join(directory.path, 'read-model.db')}`));
    receiver = await startReceiver();
    await addHook(store, namespace, { url: receiver.url });
    running = [start(0)];
    await until(() => running[0]?.role() === 'active', LIMIT);
    running.push(start(1));
    await until(() => running[1]?.role() === 'standby' && running[0]?.isCaughtUp() === true, LIMIT);
  }, 90_000);
  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await receiver.stop();
    await Promise.all(databases.map((database) => database.close()));
    await store.close();
    await server.stop();
    directory.remove();
  }, 60_000);

  it('one works, and both are ready', async () => {
    await build();
    await isTold(1);
    expect(running.map((notifier) => [notifier.role(), notifier.problem(), notifier.isCaughtUp()])).toEqual([
      ['active', undefined, true],
      ['standby', undefined, false],
    ]);
  }, 60_000);

  it('the one that was taken over from tells nobody any more', async () => {
    const { holder, beat } = await records(0).read();
    await until(async () => {
      const seen = await records(1).read();
      return records(1).take(seen, 'somebody/elsewhere/1/1/1'); // as a successor does that found it silent
    }, LIMIT);
    expect(holder).not.toBeNull();
    await until(() => running.every((notifier) => notifier.role() === 'standby'), LIMIT);
    await build();
    const seen = await records(0).read();
    expect(seen).toMatchObject({ holder: 'somebody/elsewhere/1/1/1' });
    expect(seen.beat).toBeGreaterThan(beat);
    expect(receiver.received).toHaveLength(1);
    await records(0).leave('somebody/elsewhere/1/1/1');
    await isTold(2); // by whoever is active now
  }, 90_000);

  it('the other one goes on when it stops, and nothing is told twice', async () => {
    const [active, standby] = running.toSorted((one) => (one.role() === 'active' ? -1 : 1));
    await active?.stop();
    running = [standby!];
    await build();
    await isTold(3);
    expect(standby?.role()).toBe('active');
    expect(new Set(receiver.ids()).size).toBe(receiver.received.length);
    expect(receiver.received).toHaveLength(3);
  }, 90_000);
});
