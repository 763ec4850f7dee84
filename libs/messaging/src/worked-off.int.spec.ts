import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { startNatsServer, type TestServer } from '@slipway/testing';
import { connectNats } from './connect.js';
import { isWorkedOff } from './worked-off.js';

const LIMIT_MS = 30_000;
const stream = 'WORK';
let server: TestServer;
let nats: NatsConnection;

beforeAll(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
  const { streams } = await jetstreamManager(nats);
  await streams.add({ name: stream, subjects: ['work.>'] });
}, LIMIT_MS);
afterAll(async () => {
  await nats.close();
  await server.stop();
}, LIMIT_MS);

describe('a subject is worked off by a consumer', () => {
  const consumerOf = async (name: string, deliver_policy: DeliverPolicy = DeliverPolicy.All) => {
    const { consumers } = await jetstreamManager(nats);
    await consumers.add(stream, { durable_name: name, deliver_policy, ack_policy: AckPolicy.Explicit });
    return jetstream(nats).consumers.get(stream, name);
  };
  const say = (subject: string) => jetstream(nats).publish(subject, 'said');
  const isDone = (consumer: string, subject: string) => isWorkedOff(nats, { stream, consumer, subject });

  it('of which the stream has nothing', async () => {
    await consumerOf('idle');
    expect(await isDone('idle', 'work.none')).toBe(true);
  });

  it('once it has acknowledged the last message, whatever comes after', async () => {
    const consumer = await consumerOf('busy');
    await Promise.all([say('work.mine'), say('work.mine')]);
    const seen: boolean[] = [await isDone('busy', 'work.mine')];
    for (const last of [false, true]) {
      const message = await consumer.next();
      if (last) await say('work.others');
      await message?.ackAck();
      seen.push(await isDone('busy', 'work.mine'));
    }
    expect(seen).toEqual([false, false, true]);
    expect(await isDone('busy', 'work.others')).toBe(false);
  });

  it('not because nothing is said to be pending', async () => {
    await say('work.unseen');
    const consumer = await consumerOf('late', DeliverPolicy.New);
    expect(await consumer.info()).toMatchObject({ num_pending: 0, num_ack_pending: 0 });
    expect(await isDone('late', 'work.unseen')).toBe(false);
  });

  it('as far as anybody can tell: it says so when the server is away', async () => {
    await expect(isWorkedOff(nats, { stream: 'NONE', consumer: 'none', subject: 'work.x' })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});
