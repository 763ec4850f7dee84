import { randomUUID } from 'node:crypto';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { PARTITIONS, subjects } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { startNatsServer, until } from '@slipway/testing';
import { z } from 'zod';
import { connectNats } from './connect.js';
import { consumeLane } from './consume.js';
import { buildIn } from './dead-letters/dead-letters.fixtures.js';
import { openNatsHouse, topology, type NatsHouse } from './nats-house.fixtures.js';
import { offer, publish } from './publish.js';
import { request, serve } from './request-reply.js';
import { consumers, ensureTopology, STREAMS } from './topology.js';

const LIMIT_MS = 30_000;
let house: NatsHouse;
let nats: NatsConnection;

beforeAll(async () => {
  house = await openNatsHouse();
  ({ nats } = house);
}, LIMIT_MS);
afterAll(() => house.close(), LIMIT_MS);

describe('a connection', () => {
  it(
    'shows the user and the password of the URL',
    async () => {
      const guarded = await startNatsServer({ args: ['--user=slip way', '--pass=p@ss'] });
      const url = guarded.url.replace('nats://', 'nats://slip%20way:p%40ss@');
      const allowed = await connectNats({ url: `${url},${guarded.url}`, name: 'test' });
      await allowed.flush();
      await allowed.close();
      await expect(connectNats({ url: guarded.url, name: 'test' })).rejects.toThrow(/authorization/i);
      await guarded.stop();
    },
    LIMIT_MS,
  );
});

describe('the topology', () => {
  it('is made once, and checked by everybody who starts', async () => {
    await Promise.all([ensureTopology(nats, topology), ensureTopology(nats, topology)]);
    const manager = await jetstreamManager(nats);
    expect((await manager.streams.info(STREAMS.queue)).config).toMatchObject({
      retention: 'workqueue',
      num_replicas: 1,
    });
    const lanes = await manager.consumers.list(STREAMS.events).next();
    expect(lanes).toHaveLength(PARTITIONS);
  });

  it('follows a changed lease', async () => {
    await ensureTopology(nats, { ...topology, ackWaitMs: 20_000 });
    const manager = await jetstreamManager(nats);
    const { config } = await manager.consumers.info(STREAMS.queue, consumers.agents('in'));
    expect(config.ack_wait).toBe(20_000_000_000);
    await ensureTopology(nats, topology);
  });

  it(
    'lets more agents wait for a job than a server does by itself, also where an older version has made it',
    async () => {
      const manager = await jetstreamManager(nats);
      const node = consumers.agents('jp');
      const older = { durable_name: node, filter_subject: subjects.queueOf('jp'), ack_policy: AckPolicy.Explicit };
      await manager.consumers.add(STREAMS.queue, older);
      await jetstream(nats).publish(subjects.queue('jp', randomUUID()), '{}');
      await ensureTopology(nats, { ...topology, buildNodes: [...topology.buildNodes, 'jp'] });

      const jobs = await jetstream(nats).consumers.get(STREAMS.queue, node);
      const asked = Array.from({ length: 600 }, () => jobs.next({ expires: 20_000 }));
      for (let job = 1; job < asked.length; job++)
        await jetstream(nats).publish(subjects.queue('jp', randomUUID()), '{}');
      const given = await Promise.all(asked);
      expect(given.filter((job) => job === null)).toEqual([]);
      for (const job of given) job?.ack();
      await manager.consumers.delete(STREAMS.queue, node);
    },
    LIMIT_MS,
  );

  it(
    'is refused when the server cannot give what is asked',
    async () => {
      const alone = await startNatsServer();
      const other = await connectNats({ url: alone.url, name: 'test' });
      await expect(ensureTopology(other, { ...topology, replicas: 3 })).rejects.toThrow(/replicas/i);
      await other.close();
      await alone.stop();
    },
    LIMIT_MS,
  );
});

describe('a job', () => {
  it('lies in the queue once, however often it is offered', async () => {
    const subject = subjects.queue('in', randomUUID());
    const stream = jetstream(nats);
    expect(await offer(stream, subject, '{}')).toBe(true);
    expect(await Promise.all([offer(stream, subject, '{}'), offer(stream, subject, '{}')])).toEqual([false, false]);
    const message = await (await stream.consumers.get(STREAMS.queue, consumers.agents('in'))).next({ expires: 5_000 });
    await message?.ackAck();
    expect(await offer(stream, subject, '{}')).toBe(true);
  });
});

describe('a lane', () => {
  async function collect(
    partition: number,
    handle: (text: string, deliveries: number) => Promise<void>,
    work: () => Promise<void>,
  ) {
    const abort = new AbortController();
    const lane = {
      stream: STREAMS.events,
      consumer: consumers.reports(partition),
      dependencies: () => Promise.resolve(),
      onDeadLetter: () => Promise.resolve(),
      handle: (message: { data: Uint8Array; info: { deliveryCount: number } }) =>
        handle(new TextDecoder().decode(message.data), message.info.deliveryCount),
      onError: () => {},
    };
    const loops = [consumeLane(nats, lane, abort.signal), consumeLane(nats, lane, abort.signal)]; // two instances
    await work();
    abort.abort();
    await Promise.all(loops);
  }

  it(
    'keeps the order, with two instances at work and a message that has to be tried again',
    async () => {
      const buildId = buildIn(3);
      const seen: string[] = [];
      const handle = async (text: string, deliveries: number): Promise<void> => {
        if (text === '5' && deliveries < 3) throw new AppError('STORE_UNAVAILABLE');
        seen.push(text);
      };
      await collect(3, handle, async () => {
        for (let index = 0; index < 20; index++) {
          await publish(jetstream(nats), {
            subject: subjects.event(buildId, 'x'),
            body: String(index),
            messageId: `${buildId}/${index}`,
          });
        }
        await until(() => seen.length >= 20, { limitMs: 20_000, what: 'all messages' });
      });
      expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
    },
    LIMIT_MS,
  );

  it(
    'goes on after a message that is refused',
    async () => {
      const buildId = buildIn(4);
      const seen: string[] = [];
      const handle = async (text: string): Promise<void> => {
        if (text === 'stale') throw new AppError('LEASE_STALE');
        seen.push(text);
      };
      await collect(4, handle, async () => {
        for (const body of ['stale', 'current'])
          await publish(jetstream(nats), {
            subject: subjects.event(buildId, 'x'),
            body,
            messageId: `${buildId}/${body}`,
          });
        await until(() => seen.length > 0, { limitMs: 20_000 });
      });
      expect(seen).toEqual(['current']);
    },
    LIMIT_MS,
  );

  it(
    'takes a message with the same id once',
    async () => {
      const buildId = buildIn(5);
      const seen: string[] = [];
      await collect(
        5,
        async (text) => void seen.push(text),
        async () => {
          const again = { subject: subjects.event(buildId, 'x'), body: 'once', messageId: `${buildId}/once` };
          for (let times = 0; times < 3; times++) await publish(jetstream(nats), again);
          await publish(jetstream(nats), { ...again, body: 'last', messageId: `${buildId}/last` });
          await until(() => seen.includes('last'), { limitMs: 20_000 });
        },
      );
      expect(seen).toEqual(['once', 'last']);
    },
    LIMIT_MS,
  );
});

describe('a request', () => {
  const Ask = z.object({ number: z.number() });
  const Reply = z.object({ twice: z.number() });

  it('is answered by whoever serves it, with the AppError that was thrown', async () => {
    const service = serve(nats, {
      subject: 'cmd.test.double',
      queue: 'test',
      schema: Ask,
      onError: () => {},
      handle: async ({ number }) => {
        if (number < 0) throw new AppError('BUILD_NOT_FOUND', { number });
        return { twice: number * 2 };
      },
    });
    const ask = (payload: unknown) => request(nats, 'cmd.test.double', payload, { reply: Reply });
    expect(await ask({ number: 2 })).toEqual({ twice: 4 });
    await expect(ask({ number: -1 })).rejects.toMatchObject({ code: 'BUILD_NOT_FOUND', details: { number: -1 } });
    await expect(ask({ number: 'x' })).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
    await service.stop();
    await expect(ask({ number: 2 })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('tells a bug to the log and nothing of it to the asker', async () => {
    const bugs: unknown[] = [];
    const service = serve(nats, {
      subject: 'cmd.test.bug',
      queue: 'test',
      schema: Ask,
      onError: (error) => bugs.push(error),
      handle: () => Promise.reject(new Error('secret path')),
    });
    const asked = request(nats, 'cmd.test.bug', { number: 1 }, { reply: Reply });
    await expect(asked).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: { reason: 'internal error' } });
    expect(bugs).toHaveLength(1);
    await service.stop();
  });
});
