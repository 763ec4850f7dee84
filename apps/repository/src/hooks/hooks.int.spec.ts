import { createDecipheriv, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, CommandReply, HookEvent, streams, type NotificationEvent } from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { commandHandler, createMemoryEventStore, notificationCodec, type EventStore } from '@slipway/event-store';
import { connectNats, request } from '@slipway/messaging';
import { silentLogger, type RunningService } from '@slipway/platform';
import { startNatsServer, temporaryDirectory, type TestServer } from '@slipway/testing';
import { startRepository } from '../service.js';

const namespace = 'alauda';
const at = '2026-11-24T10:00:00.000Z';
const secret = randomBytes(32).toString('base64url');
const secretKey = createSecretKey(randomBytes(32));
const body = { url: 'https://chat.example/slipway', events: ['build.failed'], is_active: true };

const folder = temporaryDirectory();
let server: TestServer;
let nats: NatsConnection;
let store: EventStore;
let service: RunningService;

beforeAll(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
  store = createMemoryEventStore();
  const config = { adminUser: 'admin', adminTokenFile: join(folder.path, 'token'), hosts: codeHosts({}), secretKey };
  const signal = new AbortController().signal;
  service = await startRepository({ config, store, nats, logger: silentLogger, signal });
}, 30_000);
afterAll(async () => {
  await service.stop();
  await nats.close();
  await server.stop();
  folder.remove();
});

const send = (subject: string, command: object, more: object = {}): Promise<CommandReply> => {
  const envelope = { commandId: randomUUID(), actor: 'alauda', correlationId: 'c1', command, ...more };
  return request(nats, subject, envelope, { reply: CommandReply });
};
const add = async (): Promise<string> => {
  const hookId = randomUUID();
  await send(commandSubjects.addHook, { namespace, hookId, body, secret });
  return hookId;
};

describe('a hook', () => {
  it('is added with its secret sealed, bound to the hook', async () => {
    const hookId = randomUUID();
    const { events } = await send(commandSubjects.addHook, { namespace, hookId, body, secret });
    expect(JSON.stringify([events, await store.read(streams.hooks(namespace))])).not.toContain(secret);
    const [stored] = await store.readLast(streams.hooks(namespace), 1);
    const added = HookEvent.parse(stored);
    if (added.type !== 'HookAdded') throw new Error(`${added.type} is no addition`);
    const { iv, tag, ciphertext } = added.data.secret;
    expect(JSON.stringify(events)).not.toContain(ciphertext);
    const opened = createDecipheriv('aes-256-gcm', secretKey, Buffer.from(iv, 'base64'))
      .setAAD(Buffer.from(`hook/${hookId}`))
      .setAuthTag(Buffer.from(tag, 'base64'));
    expect(opened.update(ciphertext, 'base64', 'utf8') + opened.final('utf8')).toBe(secret);
  });

  it('is changed and removed, and then it is not there', async () => {
    const named = { namespace, hookId: await add() };
    const { events } = await send(commandSubjects.changeHook, { ...named, body: { ...body, is_active: false } });
    expect(events.at(-1)?.event).toMatchObject({ type: 'HookChanged', data: { isActive: false, by: 'alauda' } });
    await send(commandSubjects.removeHook, named);
    await expect(send(commandSubjects.changeHook, { ...named, body })).rejects.toMatchObject({
      code: 'HOOK_NOT_FOUND',
    });
  });
});

describe('a replay', () => {
  const due = (hookId: string, notificationId: string): readonly NotificationEvent[] => [
    {
      type: 'NotificationDue',
      data: {
        notificationId,
        target: { kind: 'hook', namespace, hookId },
        topic: 'build.failed',
        buildId: randomUUID(),
        eventNumber: 3,
        at,
      },
    },
    {
      type: 'NotificationDelivered',
      data: { notificationId, attempt: 1, answer: { status: 204, body: '' }, at },
    },
  ];

  it('opens a delivery again, once under one key', async () => {
    const [hookId, deliveryId] = [randomUUID(), randomUUID()];
    const asTold = { initial: undefined, decide: () => due(hookId, deliveryId), evolve: () => undefined };
    const context = { commandId: deliveryId, at, actor: 'service:notifier', correlationId: 'c' };
    const stream = streams.notification(deliveryId);
    await commandHandler(store, asTold, notificationCodec)(stream, undefined, context);

    const key = { idempotency: { key: 'again', digest: 'a'.repeat(64) } };
    const replay = (): Promise<CommandReply> =>
      send(commandSubjects.replayHookDelivery, { namespace, hookId, deliveryId }, key);
    const first = await replay();
    expect(first.events.at(-1)?.event).toMatchObject({ type: 'NotificationReplayed', data: { by: 'alauda' } });
    expect(await replay()).toEqual(first);
    await expect(
      send(commandSubjects.replayHookDelivery, { namespace: 'bob', hookId, deliveryId }),
    ).rejects.toMatchObject({ code: 'HOOK_DELIVERY_NOT_FOUND' });
  });
});
