import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { subjects } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { connectNats } from './connect.js';
import { consumeLane } from './consume.js';
import { buildIn, working } from './dead-letters/dead-letters.fixtures.js';
import { openNatsHouse, topology, type NatsHouse } from './nats-house.fixtures.js';
import { publish } from './publish.js';
import { consumers, ensureTopology, STREAMS } from './topology.js';

const LIMIT_MS = 30_000;
let house: NatsHouse;
let nats: NatsConnection;

beforeAll(async () => {
  house = await openNatsHouse();
  ({ nats } = house);
}, LIMIT_MS);
afterAll(() => house.close(), LIMIT_MS);

describe('a lane', () => {
  it(
    'ends although it is told so while it is being opened',
    async () => {
      const over = new AbortController();
      const lane = consumeLane(
        nats,
        {
          stream: STREAMS.events,
          consumer: consumers.reports(8),
          handle: () => Promise.resolve(),
          onError: () => undefined,
          dependencies: () => Promise.resolve(),
          onDeadLetter: () => Promise.resolve(),
        },
        over.signal,
      );
      over.abort();
      let hasEnded = false;
      void lane.then(() => (hasEnded = true));
      await until(() => hasEnded, { limitMs: 20_000, what: 'the end of the lane' });
    },
    LIMIT_MS,
  );
});

describe('what a lane is waiting for', () => {
  const takenFrom = async (partition: number, text: string) => {
    const dying = await connectNats({ url: house.url, name: 'dying' });
    const consumer = await jetstream(dying).consumers.get(STREAMS.events, consumers.reports(partition));
    await publish(jetstream(nats), { subject: subjects.event(buildIn(partition), 'x'), body: text, messageId: text });
    expect((await consumer.next({ expires: 20_000 }))?.string()).toBe(text);
    await dying.close();
  };

  it(
    'comes to the next taker long before a lease is over, when the first died with it',
    async () => {
      await takenFrom(6, randomUUID());
      const seen: JsMsg[] = [];
      const lane = working(nats, 6, async (_, message) => void seen.push(message));
      await until(() => seen.length > 0, { limitMs: 20_000 });
      await lane.stop();
      expect(seen[0]?.info.deliveryCount).toBe(2);
    },
    LIMIT_MS,
  );

  it(
    'stays with a taker that is at it for longer',
    async () => {
      const manager = await jetstreamManager(nats);
      const waitMs = 1_000;
      await manager.consumers.update(STREAMS.events, consumers.reports(7), { ack_wait: waitMs * 1_000_000 });
      const deliveries: number[] = [];
      const atIt = async (_: string, { info }: JsMsg): Promise<void> => {
        deliveries.push(info.deliveryCount);
        const since = performance.now();
        await until(() => performance.now() - since > 4 * waitMs, { limitMs: 20_000 });
      };
      const lanes = [working(nats, 7, atIt), working(nats, 7, atIt)];
      await publish(jetstream(nats), {
        subject: subjects.event(buildIn(7), 'x'),
        body: 'long',
        messageId: randomUUID(),
      });
      const info = () => manager.consumers.info(STREAMS.events, consumers.reports(7));
      await until(async () => deliveries.length > 0 && (await info()).num_ack_pending === 0, { limitMs: 25_000 });
      await Promise.all(lanes.map(({ stop }) => stop()));
      expect(deliveries).toEqual([1]);
      await ensureTopology(nats, topology);
    },
    LIMIT_MS,
  );
});
