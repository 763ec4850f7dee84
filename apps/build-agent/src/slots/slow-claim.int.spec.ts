import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ClaimRequest,
  commandSubjects,
  Job,
  Lease,
  PublishRequest,
  subjects,
  type ClaimReply,
} from '@slipway/contracts';
import { connectNats, consumers, ensureTopology, serve, STREAMS } from '@slipway/messaging';
import { startNatsServer, temporaryDirectory, until, type TestServer } from '@slipway/testing';
import type { z } from 'zod';
import { dummyAgent, granted } from './job.fixtures.js';
import { runJob } from './job-runner.js';

const ACK_WAIT_MS = 1_000;
const never = new AbortController().signal;

describe('a claim whose answer takes longer than a lease', () => {
  const directory = temporaryDirectory();
  let server: TestServer;
  let nats: NatsConnection;
  beforeAll(async () => {
    server = await startNatsServer();
    nats = await connectNats({ url: server.url, name: 'test' });
    await ensureTopology(nats, { replicas: 1, ackWaitMs: ACK_WAIT_MS, buildNodes: ['in'] });
  }, 60_000);
  afterAll(async () => {
    await nats.close();
    await server.stop();
    directory.remove();
  });

  const answering = <T>(subject: string, schema: z.ZodType<T>, handle: (asked: T) => Promise<unknown>) =>
    serve(nats, { subject, queue: 'test', schema, onError: () => {}, handle });

  it('costs no attempt: the job stays with its agent, which asks again for the same lease', async () => {
    const asked: ClaimRequest[] = [];
    let isReported = false;
    const over = Promise.withResolvers<ClaimReply>();
    const services = [
      answering(commandSubjects.claimBuild, ClaimRequest, (claim) => {
        asked.push(claim);
        return asked.length === 1 ? over.promise : Promise.resolve(granted); // the first is never answered in time
      }),
      answering(commandSubjects.publishBuild, PublishRequest, () => Promise.resolve({ tags: [] })),
      answering(commandSubjects.renewLease, Lease, () => Promise.resolve({ lease: isReported ? 'over' : 'current' })),
    ];
    const buildId = randomUUID();
    await jetstream(nats).publish(subjects.queue('in', buildId), '{}');
    const jobs = await jetstream(nats).consumers.get(STREAMS.queue, consumers.agents('in'));
    const message = await jobs.next();
    if (!message) throw new Error('there is no job');

    const agent = dummyAgent(nats, { AGENT_STATE_DIR: directory.path, ACK_WAIT_MS: String(ACK_WAIT_MS) });
    const job = Job.parse({ buildId, buildNode: 'in', requestedAt: '2026-01-02T03:04:05.678Z' });
    let isDone = false;
    const running = runJob(agent, job, message, { signal: never, handBack: never }).then(() => (isDone = true));
    expect(await jobs.next({ expires: 3 * ACK_WAIT_MS })).toBeNull(); // it comes to nobody else
    await until(async () => (await agent.finalReports.kept()).length === 1);
    isReported = true;
    await until(() => isDone);
    await running;
    expect(asked).toHaveLength(2);
    expect(asked[1]?.leaseId).toBe(asked[0]?.leaseId);
    expect(asked[0]?.traits).toEqual({ buildNodes: ['in'], labels: {}, networkPolicies: ['none', 'full'] });
    const manager = await jetstream(nats).jetstreamManager();
    expect((await manager.streams.info(STREAMS.queue)).state.messages).toBe(0);
    over.resolve({ answer: 'over' });
    await Promise.all(services.map((service) => service.stop()));
  }, 60_000);
});
