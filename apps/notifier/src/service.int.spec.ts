import { createHmac, randomUUID } from 'node:crypto';
import { streams, type BuildView } from '@slipway/contracts';
import { connectEventStore, type EventStore, type StoredEvent } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { silentLogger } from '@slipway/platform';
import { append, buildHistory, buildIdOf, instant } from '@slipway/read-model/fixtures';
import { startEventStoreServer, until, type TestServer } from '@slipway/testing';
import {
  addHook,
  clock,
  PUBLIC_URL,
  runNotifier,
  SECRET,
  startReceiver,
  tellHook,
  type Receiver,
  type RunningNotifier,
} from './notifier.fixtures.js';

let server: TestServer;
let store: EventStore;
let receiver: Receiver;
let running: RunningNotifier[];
let namespace: string;
let builds = 0;

beforeAll(async () => {
  server = await startEventStoreServer();
  store = connectEventStore({ url: server.url, logger: silentLogger });
}, 30_000);
afterAll(async () => {
  await store.close();
  await server.stop();
});
beforeEach(async () => {
  receiver = await startReceiver();
  running = [];
  namespace = `n${randomUUID().slice(0, 8)}`;
});
afterEach(async () => {
  await Promise.all(running.map((notifier) => notifier.stop()));
  await receiver.stop();
});

const start = (...args: Parameters<typeof runNotifier> | []): RunningNotifier => {
  const [over = store, options] = args;
  const notifier = runNotifier(over, options);
  running.push(notifier);
  return notifier;
};
const build = async (end: 'succeeded' | 'failed' = 'succeeded'): Promise<number> => {
  builds++;
  await append(store, [buildHistory(builds, { end, spec: { namespace } })]);
  return builds;
};
const eventsOf = (id: string): Promise<readonly StoredEvent[]> => store.read(streams.notification(id));
const typesOf = async (id: string): Promise<readonly string[]> => (await eventsOf(id)).map(({ type }) => type);
const distinct = (values: readonly string[]): number => new Set(values).size;
/** Of the one notification of a hook. */
const idOf = async (hookId: string): Promise<string> =>
  until(async () => {
    for await (const item of store.subscribeAll({
      after: undefined,
      prefixes: [streams.notification('')],
      signal: AbortSignal.timeout(2_000),
    })) {
      if (item.kind === 'caught-up') return undefined;
      if (item.kind !== 'event' || item.event.type !== 'NotificationDue') continue;
      const { notificationId, target } = item.event.data as { notificationId: string; target: { hookId?: string } };
      if (target.hookId === hookId) return notificationId;
    }
    return undefined;
  });

describe('a hook', () => {
  it('is told of a build, in a CloudEvent that it can check', async () => {
    await addHook(store, namespace, { url: receiver.url });
    const number = await build();
    start();
    const { headers, body } = await until(() => receiver.received[0]);
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'x-slipway-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    });
    const { data, ...event } = JSON.parse(body) as { data: BuildView };
    expect(event).toEqual({
      specversion: '1.0',
      id: expect.any(String),
      source: `${PUBLIC_URL}/v1/repositories/${namespace}/app`,
      type: 'io.slipway.build.succeeded',
      subject: buildIdOf(number),
      time: instant(),
      datacontenttype: 'application/json',
    });
    expect(data).toMatchObject({ build_id: buildIdOf(number), status: 'S', docker_repo_path: `${namespace}/app` });
  });

  it('is told of what it asked for, and of nothing else', async () => {
    await addHook(store, namespace, { url: `${receiver.url}?failed`, topics: ['build.failed'] });
    await addHook(store, `${namespace}x`, { url: `${receiver.url}?other-namespace` });
    await addHook(store, namespace, { url: `${receiver.url}?added-later`, at: instant(1) });
    await build();
    const number = await build('failed');
    start();
    await until(() => receiver.received.length > 0);
    await build('failed');
    await until(() => receiver.received.length > 1); // whatever else there was would have come before
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'io.slipway.build.failed',
      'io.slipway.build.failed',
    ]);
    expect(receiver.received[0]?.body).toContain(buildIdOf(number));
  });

  it('is told from when it was added, also where builds were told of before', async () => {
    await addHook(store, namespace, { url: receiver.url });
    await build();
    start();
    await until(() => receiver.received.length === 1);
    await addHook(store, namespace, { url: receiver.url });
    await build();
    await until(() => receiver.received.length === 3); // twice the first one, once the second
  });

  it('is asked again under the same id until it accepts', async () => {
    receiver.answers = (_, count) => (count < 3 ? [500, 302][count - 1] : 200);
    await addHook(store, namespace, { url: receiver.url });
    await build();
    start();
    await until(() => receiver.received.length === 3);
    const [id = ''] = receiver.ids();
    expect(distinct(receiver.ids())).toBe(1);
    await until(async () => (await typesOf(id)).at(-1) === 'NotificationDelivered');
    const failures = (await eventsOf(id)).filter(({ type }) => type === 'NotificationFailed');
    expect(failures.map(({ data }) => data)).toMatchObject([
      { attempt: 1, why: 'The target answered 500.', answer: { status: 500, body: 'oops' } },
      { attempt: 2, why: 'The target answered 302.', answer: { status: 302 } },
    ]);
  });

  it('is given up when it is gone, or removed', async () => {
    receiver.answers = () => 410;
    const gone = await addHook(store, namespace, { url: receiver.url });
    await build();
    start();
    const id = await idOf(gone);
    await until(async () => (await typesOf(id)).at(-1) === 'NotificationGivenUp');
    expect(receiver.received).toHaveLength(1);

    receiver.answers = () => 500;
    const removed = await addHook(store, `${namespace}r`, { url: receiver.url });
    await append(store, [buildHistory(++builds, { spec: { namespace: `${namespace}r` } })]);
    await until(() => receiver.received.length > 2);
    const by = { namespace: `${namespace}r`, hookId: removed, by: 'alice', at: clock.now() };
    await tellHook(store, { type: 'HookRemoved', data: by });
    const removedId = await idOf(removed);
    await until(async () => (await typesOf(removedId)).at(-1) === 'NotificationGivenUp');
  });

  it('is told once more when somebody asks', async () => {
    await addHook(store, namespace, { url: receiver.url });
    await build();
    start();
    const id = await until(() => receiver.ids()[0]);
    await until(async () => (await typesOf(id)).at(-1) === 'NotificationDelivered');
    await Promise.all(running.splice(0).map((notifier) => notifier.stop())); // also by one that has long read past it
    start();
    const at = clock.now();
    const metadata = { at, actor: 'user:bob', $correlationId: 'c', $causationId: 'c', version: 1 };
    const data = { notificationId: id, by: 'bob', at };
    const replayed = { id: randomUUID(), type: 'NotificationReplayed', data, metadata };
    await store.append(streams.notification(id), [replayed], 'any');
    await until(() => receiver.received.length === 2);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  });

  it('with a private address is sent nothing', async () => {
    const hookId = await addHook(store, namespace, { url: receiver.url });
    await build();
    start(store, { privateHosts: '' });
    const id = await idOf(hookId);
    await until(async () => (await typesOf(id)).at(-1) === 'NotificationGivenUp');
    expect((await eventsOf(id)).at(-1)?.data).toMatchObject({ why: 'The target has a private address.' });
    expect(receiver.received).toEqual([]);
  });

  it('that is dead delays no other', async () => {
    const dead = await startReceiver();
    dead.answers = () => undefined;
    await addHook(store, namespace, { url: dead.url });
    await addHook(store, namespace, { url: receiver.url });
    for (let count = 0; count < 5; count++) await build();
    start();
    await until(() => receiver.received.length === 5);
    expect(dead.received).toHaveLength(1); // one at a time
    await dead.stop();
  });
});

describe('news', () => {
  it('of yesterday is none', async () => {
    await addHook(store, namespace, { url: receiver.url });
    const old = await build();
    const tomorrow = { now: () => new Date(Date.parse(clock.now()) + 25 * 60 * 60 * 1_000).toISOString() };
    start(store, { clock: tomorrow });
    await until(() => running[0]?.isCaughtUp());
    const told = buildIdOf(old);
    for await (const item of store.subscribeAll({
      after: undefined,
      prefixes: [streams.notification('')],
      signal: AbortSignal.timeout(2_000),
    })) {
      if (item.kind === 'caught-up') break;
      if (item.kind === 'event') expect(JSON.stringify(item.event.data)).not.toContain(told);
    }
    expect(receiver.received).toEqual([]);
  });
});

describe('each event is told once', () => {
  it('when the notifier is stopped and started in between', async () => {
    await addHook(store, namespace, { url: receiver.url });
    for (let count = 0; count < 12; count++) await build();
    for (let told = 3; told <= 12; told += 3) {
      const notifier = start();
      await until(() => receiver.received.length >= told);
      await notifier.stop();
    }
    start();
    await build();
    await until(() => receiver.received.length === 13);
    expect(distinct(receiver.ids())).toBe(13);
  });

  it('when the notifier is stopped while it sends', async () => {
    const arrived = Promise.withResolvers<void>();
    const stopping = Promise.withResolvers<void>();
    receiver.beforeAnswer = () => {
      arrived.resolve();
      return stopping.promise;
    };
    await addHook(store, namespace, { url: receiver.url });
    await build();
    const notifier = start();
    await arrived.promise;
    const stopped = notifier.stop();
    stopping.resolve();
    await stopped;
    const [id = ''] = receiver.ids();
    expect((await typesOf(id)).at(-1)).toBe('NotificationDelivered');
  });

  it('when two notifiers run', async () => {
    const other = connectEventStore({ url: server.url, logger: silentLogger });
    await addHook(store, namespace, { url: receiver.url });
    start();
    start(other);
    for (let count = 0; count < 10; count++) await build();
    await until(() => distinct(receiver.ids()) === 10);
    for (const id of receiver.ids()) await until(async () => (await typesOf(id)).at(-1) === 'NotificationDelivered');
    expect(receiver.received).toHaveLength(10);
    await Promise.all(running.splice(0).map((notifier) => notifier.stop()));
    await other.close();
  });

  it('or, after a death between sending and recording, once more under the same id', async () => {
    let isDead = false;
    const dying: EventStore = {
      ...store,
      append: (...args) =>
        isDead ? Promise.reject(new AppError('STORE_UNAVAILABLE', { reason: 'dead' })) : store.append(...args),
    };
    receiver.answers = (_, count) => {
      if (count === 1) isDead = true;
      return 204;
    };
    await addHook(store, namespace, { url: receiver.url });
    await build();
    const first = start(dying);
    await until(() => isDead);
    const [id = ''] = receiver.ids();
    await first.stop();
    expect(await typesOf(id)).toEqual(['NotificationDue', 'NotificationAttempted']);
    start();
    start();
    await until(async () => (await typesOf(id)).at(-1) === 'NotificationDelivered', { limitMs: 10_000 });
    expect(receiver.ids()).toEqual([id, id]);
  });
});
