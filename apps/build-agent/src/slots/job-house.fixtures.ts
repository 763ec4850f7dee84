import { randomUUID } from 'node:crypto';
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Job, subjects } from '@slipway/contracts';
import { connectNats, consumers, ensureTopology, serve, STREAMS } from '@slipway/messaging';
import { startNatsServer, temporaryDirectory, type TemporaryDirectory, type TestServer } from '@slipway/testing';
import type { z } from 'zod';
import { dummyAgent } from './job.fixtures.js';
import { runJob, type Agent } from './job-runner.js';

export const ACK_WAIT_MS = 1_000;
const never = new AbortController().signal;

/** A nats-server with the streams, an agent, and whatever the test has an orchestrator say. */
export class JobHouse {
  readonly agent: Agent;

  private constructor(
    private readonly server: TestServer,
    private readonly directory: TemporaryDirectory,
    readonly nats: NatsConnection,
  ) {
    this.agent = dummyAgent(nats, { AGENT_STATE_DIR: directory.path, ACK_WAIT_MS: String(ACK_WAIT_MS) });
  }

  static async open(): Promise<JobHouse> {
    const server = await startNatsServer();
    const nats = await connectNats({ url: server.url, name: 'test' });
    await ensureTopology(nats, { replicas: 1, ackWaitMs: ACK_WAIT_MS, buildNodes: ['in'] });
    return new JobHouse(server, temporaryDirectory(), nats);
  }

  answering<T>(subject: string, schema: z.ZodType<T>, handle: (asked: T) => unknown) {
    return serve(this.nats, {
      subject,
      queue: 'test',
      schema,
      onError: () => {},
      handle: async (asked) => handle(asked),
    });
  }

  /** The next job of the queue; undefined: none came in time. */
  async nextJob(expires?: number): Promise<JsMsg | undefined> {
    const jobs = await jetstream(this.nats).consumers.get(STREAMS.queue, consumers.agents('in'));
    return (await jobs.next(expires === undefined ? {} : { expires })) ?? undefined;
  }

  /** A build is offered, and the agent takes its job. Answers what comes of that. */
  async runOne(): Promise<{ readonly done: Promise<void> }> {
    const buildId = randomUUID();
    await jetstream(this.nats).publish(subjects.queue('in', buildId), '{}');
    const message = await this.nextJob();
    if (!message) throw new Error('there is no job');
    const job = Job.parse({ buildId, buildNode: 'in', requestedAt: '2026-01-02T03:04:05.678Z' });
    return { done: runJob(this.agent, job, message, { signal: never, handBack: never }) };
  }

  async close(): Promise<void> {
    await this.nats.close();
    await this.server.stop();
    this.directory.remove();
  }
}
