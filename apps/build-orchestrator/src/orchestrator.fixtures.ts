import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  agentSubjects,
  BuildEventsReply,
  ClaimReply,
  commandSubjects,
  CommandReply,
  encodeLogChunk,
  Job,
  LOG_CHUNK_HEADER,
  PublishReply,
  querySubjects,
  RenewReply,
  streams,
  subjects,
  type AgentHeartbeat,
  type AgentLabels,
  type AgentTraits,
  type BuildEvent,
  type Idempotency,
  type Lease,
  type Report,
  type RequestBuildCommand,
} from '@slipway/contracts';
import { codeHosts, repository, type RepositoryCommand } from '@slipway/domain';
import { buildCodec, commandHandler, connectEventStore, repositoryCodec, type EventStore } from '@slipway/event-store';
import { systemClock, type Clock } from '@slipway/kernel';
import { connectNats, consumers, decodeMessage, request, STREAMS } from '@slipway/messaging';
import { silentLogger } from '@slipway/platform';
import { startEventStoreServer, startNatsServer, until, type TestServer } from '@slipway/testing';
import { heartbeat } from './agents/agents.fixtures.js';
import { Env } from './config.js';
import { jobQueue } from './relay/job-queue.js';
import { startOrchestrator } from './orchestrator.js';

export const at = '2026-01-02T03:04:05.678Z';
export const image = { imageId: `sha256:${'a'.repeat(64)}`, digest: `sha256:${'b'.repeat(64)}`, size: 1_234 };
const commit = '552819d5c903472a36696e8ac620ac250e49829d';

const BEAT_MS = 5_000;

/** A real nats-server, a real event store, and one image repository `alauda/test` with the tag config `latest`. */
export class House {
  private constructor(
    readonly natsServer: TestServer,
    readonly eventStoreServer: TestServer,
    readonly nats: NatsConnection,
    readonly store: EventStore,
  ) {}

  /** With an agent that is heard, and has more slots than any test fills; `said`: instead of that. */
  static async open(said: Partial<AgentHeartbeat> = { slots: 64 }): Promise<House> {
    const [natsServer, eventStoreServer] = await Promise.all([startNatsServer(), startEventStoreServer()]);
    const nats = await connectNats({ url: natsServer.url, name: 'test' });
    const store = connectEventStore({ url: eventStoreServer.url });
    await tellRepository(store, createRepository('test'));
    const house = new House(natsServer, eventStoreServer, nats, store);
    house.says(heartbeat('a1', said));
    return house;
  }

  /** An agent says this whenever it is asked, and now. Answers how it falls silent: with a goodbye. */
  says(said: AgentHeartbeat): () => void {
    const say = (now: AgentHeartbeat): void => this.nats.publish(agentSubjects.heartbeat, JSON.stringify(now));
    const asked = this.nats.subscribe(agentSubjects.look, { callback: () => say(said) });
    const again = setInterval(() => this.nats.isClosed() || say(said), BEAT_MS).unref();
    say(said);
    return () => {
      asked.unsubscribe();
      clearInterval(again);
      say({ ...said, isLast: true });
    };
  }

  /** Answers how to stop it. */
  async orchestrator(env: NodeJS.ProcessEnv = {}, clock: Clock = systemClock): Promise<() => Promise<void>> {
    const abort = new AbortController();
    const config = Env.parse({
      NATS_URL: this.natsServer.url,
      EVENTSTORE_URL: this.eventStoreServer.url,
      ACK_WAIT_MS: '1000',
      ...env,
    });
    const service = await startOrchestrator(config, { logger: silentLogger, signal: abort.signal, clock });
    return () => {
      abort.abort();
      return service.stop();
    };
  }

  request(
    buildId: string = randomUUID(),
    tag = 'latest',
    repoName = 'test',
    idempotency?: Idempotency,
  ): Promise<CommandReply> {
    const command = { namespace: 'alauda', repo_name: repoName, tag, buildId };
    const envelope = { commandId: buildId, actor: 'alice', correlationId: 'c-1', idempotency, command };
    return request(this.nats, commandSubjects.requestBuild, envelope, { reply: CommandReply });
  }

  rebuild(originalId: string, buildId: string = randomUUID()): Promise<CommandReply> {
    const envelope = { commandId: buildId, actor: 'bob', correlationId: 'c-2', command: { buildId, originalId } };
    return request(this.nats, commandSubjects.rebuild, envelope, { reply: CommandReply });
  }

  told(buildId: string, from = 0): Promise<BuildEventsReply> {
    return request(this.nats, querySubjects.buildEvents, { buildId, from }, { reply: BuildEventsReply });
  }

  async requested(asked: Partial<RequestBuildCommand> = {}): Promise<string> {
    const buildId = randomUUID();
    const command = { namespace: 'alauda', repo_name: 'test', tag: 'latest', buildId, ...asked };
    const envelope = { commandId: buildId, actor: 'alice', correlationId: 'c-1', command };
    await request(this.nats, commandSubjects.requestBuild, envelope, { reply: CommandReply });
    return buildId;
  }

  async events(buildId: string): Promise<readonly BuildEvent[]> {
    return (await this.store.read(streams.build(buildId))).flatMap((stored) => buildCodec.decode(stored) ?? []);
  }

  async types(buildId: string): Promise<readonly string[]> {
    return (await this.events(buildId)).map(({ type }) => type);
  }

  ended(buildId: string): Promise<BuildEvent> {
    return until(
      async () => (await this.events(buildId)).find(({ type }) => /^Build(Succeeded|Failed|Cancelled)$/.test(type)),
      {
        limitMs: 20_000,
        what: 'the end of the build',
      },
    );
  }

  /** Takes the job of this build as an agent would; jobs of other builds are left to come again. */
  async jobOf(buildId: string): Promise<JsMsg> {
    const next = async (): Promise<JsMsg | undefined> => {
      const consumer = await jetstream(this.nats).consumers.get(STREAMS.queue, consumers.agents('in'));
      const message = await consumer.next({ expires: 1_000 });
      return message && decodeMessage(message, Job).buildId === buildId ? message : undefined;
    };
    return until(next, { limitMs: 30_000, what: 'the job' });
  }

  /** The builds whose jobs lie in the queue. */
  async jobs(): Promise<readonly string[]> {
    return [...(await jobQueue(this.nats, silentLogger).held())];
  }

  /** As its agent does when the build is over. */
  async settle(buildId: string): Promise<void> {
    const manager = await jetstreamManager(this.nats);
    await manager.streams.purge(STREAMS.queue, { filter: subjects.queue('in', buildId) });
  }

  /** Resolves once the job lies in the queue. */
  offered(buildId: string): Promise<unknown> {
    const find = async () => {
      const manager = await jetstreamManager(this.nats);
      return manager.streams.getMessage(STREAMS.queue, { last_by_subj: subjects.queue('in', buildId) });
    };
    return until(find, { limitMs: 20_000, what: 'the offer' });
  }

  async close(): Promise<void> {
    await this.nats.close();
    await this.store.close();
    await Promise.all([this.natsServer.stop(), this.eventStoreServer.stop()]);
  }
}

/** Says what an agent says, word by word. */
export class ScriptedAgent {
  readonly lease: Lease;

  constructor(
    private readonly nats: NatsConnection,
    buildId: string,
    agentId = 'a1',
    private readonly traits?: AgentTraits,
  ) {
    this.lease = { buildId, agentId, leaseId: randomUUID() };
  }

  claim(waitMs = 5_000): Promise<ClaimReply> {
    const asked = { ...this.lease, traits: this.traits, waitMs };
    return request(this.nats, commandSubjects.claimBuild, asked, { reply: ClaimReply, timeoutMs: waitMs });
  }

  renew = (): Promise<RenewReply> => request(this.nats, commandSubjects.renewLease, this.lease, { reply: RenewReply });

  publish = (): Promise<PublishReply> =>
    request(this.nats, commandSubjects.publishBuild, { ...this.lease, ...image, commit }, { reply: PublishReply });

  async log(attempt: number, firstLine: number, count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, index) => ({
      time: 1_000,
      level: 'INFO' as const,
      message: `attempt ${attempt} line ${firstLine + index}`,
    }));
    await this.logBytes({ attempt, firstLine, lines: count }, encodeLogChunk(lines));
  }

  /** Says whatever the bytes are. */
  async logBytes(said: { attempt?: number; firstLine: number; lines: number }, bytes: Uint8Array): Promise<void> {
    const chunkHeaders = headers();
    chunkHeaders.set(LOG_CHUNK_HEADER, JSON.stringify({ ...this.lease, attempt: 1, ...said }));
    await jetstream(this.nats).publish(subjects.log(this.lease.buildId), bytes, { headers: chunkHeaders });
  }

  /** Answers as a living holder would; answers how to fall silent. */
  live(): () => void {
    const answer = JSON.stringify(this.lease);
    const subscription = this.nats.subscribe(subjects.control(this.lease.buildId), {
      callback: (_, message) => void message.respond(answer),
    });
    return () => subscription.unsubscribe();
  }

  advance(attempt: number): Promise<void> {
    return this.report({ ...this.#common(attempt), type: 'step-advanced', stepAt: 10, phase: 'cloning', step: null });
  }

  succeed(attempt: number, logLines: number): Promise<void> {
    return this.report({ ...this.#common(attempt), type: 'ended', outcome: { status: 'succeeded' }, logLines });
  }

  fail(attempt: number, logLines: number): Promise<void> {
    const failure = {
      code: 'DOCKERFILE_STEP_FAILED' as const,
      message: 'exit code 2',
      step: '[2/3] RUN make',
      exitCode: 2,
      lastLines: ['no rule'],
    };
    return this.report({ ...this.#common(attempt), type: 'ended', outcome: { status: 'failed', failure }, logLines });
  }

  /** Says that its engine is gone. */
  giveBack(attempt: number, logLines: number): Promise<void> {
    const nothing = { step: null, exitCode: null, lastLines: [] };
    const failure = { code: 'ENGINE_UNAVAILABLE' as const, message: 'no answer', ...nothing };
    return this.report({ ...this.#common(attempt), type: 'ended', outcome: { status: 'failed', failure }, logLines });
  }

  cancelled(attempt: number, logLines: number): Promise<void> {
    return this.report({ ...this.#common(attempt), type: 'ended', outcome: { status: 'cancelled' }, logLines });
  }

  async report(report: Report): Promise<void> {
    await jetstream(this.nats).publish(subjects.event(report.buildId, report.type), JSON.stringify(report));
  }

  #common(attempt: number) {
    return { reportId: randomUUID(), ...this.lease, attempt, at };
  }
}

/** An image repository with the build config 3 and the tag config `latest`. */
export function createRepository(
  repoName: string,
  namespace = 'alauda',
  agentLabels: AgentLabels = {},
): RepositoryCommand {
  const paths = { buildContextPath: '/', dockerfileLocation: '/' };
  const ref = { refType: 'branch' as const, refName: 'master', dockerRepoTag: 'latest' };
  const tagConfig = { id: 4, ...ref, ...paths, isActive: false, cacheEnabled: true, versionTagging: 2 as const };
  const data = {
    namespace,
    repoName,
    description: '',
    fullDescription: '',
    isPublic: true,
    createdBy: 'alice',
    configId: 3,
    source: { client: 'Bitbucket' as const, namespace: 'alauda', name: 'buildtest' },
    buildNode: 'in',
    agentLabels,
    emailEnabled: false,
    reconcileIntervalS: null,
    tagConfigs: [tagConfig],
    publicKey: 'ssh-ed25519 AAAA',
    privateKey: { keyId: '0', iv: '', tag: '', ciphertext: '' },
    hosts: codeHosts({}),
    at,
  };
  return { type: 'CreateRepository', data };
}

/** As the service that decides it would. Answers the position of the last event. */
export async function tellRepository(store: EventStore, command: RepositoryCommand): Promise<number> {
  const { namespace, repoName } = command.data;
  const handle = commandHandler(store, repository, repositoryCodec);
  const context = { commandId: randomUUID(), at, actor: 'user:alice', correlationId: 'c-0' };
  return (await handle(streams.repository(namespace, repoName), command, context)).position;
}
