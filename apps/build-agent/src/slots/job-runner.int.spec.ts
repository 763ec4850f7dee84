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
  type RenewReply,
} from '@slipway/contracts';
import { connectNats, consumers, ensureTopology, serve, STREAMS } from '@slipway/messaging';
import { startNatsServer, temporaryDirectory, until, type TestServer } from '@slipway/testing';
import type { z } from 'zod';
import { dummyAgent, granted } from './job.fixtures.js';
import { runJob } from './job-runner.js';

const ACK_WAIT_MS = 1_000;
const never = new AbortController().signal;

describe('the final report of a build', () => {
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

  const answering = <T>(subject: string, schema: z.ZodType<T>, reply: unknown) =>
    serve(nats, { subject, queue: 'test', schema, onError: () => {}, handle: () => Promise.resolve(reply) });
  const renewing = (lease: RenewReply) => answering(commandSubjects.renewLease, Lease, lease);

  it('leaves the disk of an agent that lost the lease while nobody answered, without a restart', async () => {
    const agent = dummyAgent(nats, { AGENT_STATE_DIR: directory.path, ACK_WAIT_MS: String(ACK_WAIT_MS) });
    const { finalReports } = agent;
    const claims = answering(commandSubjects.claimBuild, ClaimRequest, granted);
    const publishes = answering(commandSubjects.publishBuild, PublishRequest, { tags: [] });
    const holder = renewing({ lease: 'current' });
    const buildId = randomUUID();
    await jetstream(nats).publish(subjects.queue('in', buildId), '{}');
    const jobs = await jetstream(nats).consumers.get(STREAMS.queue, consumers.agents('in'));
    const message = await jobs.next();
    if (!message) throw new Error('there is no job');

    const job = Job.parse({ buildId, buildNode: 'in', requestedAt: '2026-01-02T03:04:05.678Z' });
    let isDone = false;
    const running = runJob(agent, job, message, { signal: never, handBack: never }).then(() => (isDone = true));
    await until(async () => (await finalReports.kept()).length === 1);
    await holder.stop(); // until the lease has run out, and longer
    const silentSince = performance.now();
    await until(() => performance.now() - silentSince > 2.5 * ACK_WAIT_MS);
    expect([isDone, (await finalReports.kept()).length]).toEqual([false, 1]);

    const successor = renewing({ lease: 'stale' });
    await running;
    expect(await finalReports.kept()).toEqual([]);
    await Promise.all([claims, publishes, successor].map((service) => service.stop()));
  }, 60_000);
});
