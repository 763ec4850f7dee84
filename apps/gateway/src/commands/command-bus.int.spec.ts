import { connectNats } from '@slipway/messaging';
import { startNatsServer, until, type TestServer } from '@slipway/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commandBus, type CommandBus } from './command-bus.js';

let server: TestServer;
let nats: NatsConnection;
let bus: CommandBus;

beforeEach(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
  bus = commandBus(nats, { pass: async () => true });
}, 20_000);
afterEach(async () => {
  await nats.close();
  await server.stop();
});

const send = () =>
  bus.send(
    { subject: 'cmd.test', commandId: 'c1', command: {}, events: z.unknown(), view: 'build' },
    {
      caller: { name: 'alice', isAdmin: false, roles: {} },
      request: { id: 'r1', raw: { headers: {} } } as FastifyRequest,
    },
  );

describe('command bus', () => {
  it('says that nobody answers where nobody serves', () =>
    expect(send()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));

  it('sends nothing while it is not connected: it would be done after its asker was told no', async () => {
    await server.kill();
    await until(
      () => send().catch((error: { details?: { reason?: string } }) => error.details?.reason === 'not connected'),
      {
        limitMs: 15_000,
      },
    );
    const { outMsgs } = nats.stats();
    await expect(send()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(nats.stats().outMsgs).toBe(outMsgs);
  }, 20_000);

  it('sends again when it is connected again', async () => {
    const subscription = nats.subscribe('cmd.test', {
      callback: (_, message) => void message.respond(JSON.stringify({ ok: true, reply: { events: [], position: 7 } })),
    });
    expect(await send()).toEqual([]);
    await server.kill();
    await server.restart();
    expect(await until(() => send().then((events) => ({ events })), { limitMs: 15_000 })).toEqual({ events: [] });
    subscription.unsubscribe();
  }, 30_000);
});
