import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { subjects, type Job } from '@slipway/contracts';
import { connectNats, deadLetterDesk, ensureTopology, STREAMS } from '@slipway/messaging';
import { silentLogger } from '@slipway/platform';
import { startNatsServer, until } from '@slipway/testing';
import { JobGate } from './job-gate.js';
import { workSlot } from './work-slot.js';

describe('a slot', () => {
  it('sets aside jobs that it cannot read, or whose version it does not know, and takes the next one', async () => {
    const server = await startNatsServer();
    const nats = await connectNats({ url: server.url, name: 'test' });
    await ensureTopology(nats, { replicas: 1, ackWaitMs: 60_000, buildNodes: ['in'] });
    const offer = (buildId: string, body: unknown) =>
      jetstream(nats).publish(subjects.queue('in', buildId), JSON.stringify(body));
    const job = { buildNode: 'in', requestedAt: '2026-01-02T03:04:05.678Z' };
    const [garbled, fromTheFuture, good, fromThePast] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await offer(garbled, 'garbled');
    await offer(fromTheFuture, { ...job, buildId: fromTheFuture, version: 2 });
    await offer(good, { ...job, buildId: good, version: 1 });
    await offer(fromThePast, { ...job, buildId: fromThePast });

    const stop = new AbortController();
    const taken: Job[] = [];
    const slot = workSlot(
      {
        nats,
        buildNode: 'in',
        gate: new JobGate(),
        looksLast: () => Promise.resolve(),
        suits: () => true,
        logger: silentLogger,
        work: async (one, message) => {
          taken.push(one);
          message.ack();
        },
      },
      stop.signal,
    );
    await until(() => taken.length === 2, { limitMs: 30_000 });
    expect(taken.map(({ buildId }) => buildId)).toEqual([good, fromThePast]);
    const { letters } = await deadLetterDesk(nats).list(1);
    expect(letters.map(({ subject, consumer, error }) => [subject, consumer, error.code])).toEqual(
      [fromTheFuture, garbled].map((buildId) => [subjects.queue('in', buildId), 'agents-in', 'MESSAGE_INVALID']),
    );
    const manager = await jetstreamManager(nats);
    await until(async () => (await manager.streams.info(STREAMS.queue)).state.messages === 0, { limitMs: 10_000 });
    stop.abort();
    await slot;
    await nats.close();
    await server.stop();
  }, 60_000);

  it('passes a job on that does not suit its agent, until one takes it that it suits', async () => {
    const server = await startNatsServer();
    const nats = await connectNats({ url: server.url, name: 'test' });
    await ensureTopology(nats, { replicas: 1, ackWaitMs: 60_000, buildNodes: ['in'] });
    const buildId = randomUUID();
    const job = { buildId, buildNode: 'in', requestedAt: '2026-01-02T03:04:05.678Z', labels: { arch: 'arm64' } };
    const stop = new AbortController();
    const taken: string[] = [];
    let passed = 0;
    const slotOf = (arch: string) =>
      workSlot(
        {
          nats,
          buildNode: 'in',
          gate: new JobGate(),
          looksLast: () => Promise.resolve(),
          suits: ({ labels }) => {
            if (labels['arch'] !== arch) passed++;
            return labels['arch'] === arch;
          },
          logger: silentLogger,
          work: async (_, message) => {
            taken.push(arch);
            message.ack();
          },
        },
        stop.signal,
      );
    const slots = [slotOf('amd64'), slotOf('riscv64')];
    await jetstream(nats).publish(subjects.queue('in', buildId), JSON.stringify(job));
    await until(() => passed > 70, { limitMs: 20_000 }); // and rests in between by now
    expect(taken).toEqual([]);
    slots.push(slotOf('arm64'));
    await until(() => taken.length > 0, { limitMs: 20_000 });
    expect(taken).toEqual(['arm64']);
    stop.abort();
    await Promise.all(slots);
    await nats.close();
    await server.stop();
  }, 60_000);
});
