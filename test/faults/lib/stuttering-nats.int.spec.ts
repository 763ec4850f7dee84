import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer, until, type TestServer } from '@slipway/testing';
import { seededRandom } from './random.js';
import { startStutteringNats, type StutteringNats } from './stuttering-nats.js';

const LIMIT_MS = 60_000;

describe('a NATS that stutters', () => {
  let server: TestServer;
  let proxy: StutteringNats;
  let nats: NatsConnection;
  beforeAll(async () => {
    server = await startNatsServer();
    proxy = await startStutteringNats(Number(new URL(server.url).port), seededRandom('stutter'));
    nats = await connect({ servers: proxy.url });
  }, LIMIT_MS);
  afterAll(async () => {
    await nats.close();
    await proxy.close();
    await server.stop();
  }, LIMIT_MS);

  it(
    'brings a message four times: published twice, each delivered twice, in no order',
    async () => {
      const heard: number[] = [];
      nats.subscribe('cmd.count', { callback: (_, message) => void heard.push(message.json<number>()) });
      await nats.flush();
      const sent = Array.from({ length: 50 }, (_, index) => index);
      for (const number of sent) nats.publish('cmd.count', JSON.stringify(number));
      await until(() => heard.length === sent.length * 4);
      expect(heard.toSorted((a, b) => a - b)).toEqual(sent.flatMap((number) => [number, number, number, number]));
      expect(heard).not.toEqual(heard.toSorted((a, b) => a - b));
    },
    LIMIT_MS,
  );

  it(
    'has requests answered once for whoever asks',
    async () => {
      nats.subscribe('cmd.echo', { callback: (_, message) => void message.respond(message.data) });
      const answers = await Promise.all(
        ['a', 'b'].map(async (text) => (await nats.request('cmd.echo', text, { timeout: 10_000 })).string()),
      );
      expect(answers).toEqual(['a', 'b']);
    },
    LIMIT_MS,
  );

  it(
    'has JetStream deliver a message again that was acknowledged, and the next one only then',
    async () => {
      const manager = await jetstreamManager(nats);
      await manager.streams.add({ name: 'LANE', subjects: ['lane.>'] });
      await manager.consumers.add('LANE', { durable_name: 'lane', ack_policy: AckPolicy.Explicit, max_ack_pending: 1 });
      const stream = jetstream(nats);
      for (const id of ['1', '2', '3']) await stream.publish('lane.x', id, { msgID: id });
      const messages = await (await stream.consumers.get('LANE', 'lane')).consume({ max_messages: 2 });
      const deliveries = new Set<string>();
      for await (const message of messages) {
        const delivery = `${message.string()}, time ${message.info.deliveryCount}`;
        if (deliveries.has(delivery)) continue; // a copy: its acknowledgement would be the second one of the message
        deliveries.add(delivery);
        message.ack();
        if (deliveries.size === 6) break;
      }
      const twice = ['1', '2', '3'].flatMap((id) => [`${id}, time 1`, `${id}, time 2`]);
      expect([...deliveries]).toEqual(twice);
    },
    LIMIT_MS,
  );
});
