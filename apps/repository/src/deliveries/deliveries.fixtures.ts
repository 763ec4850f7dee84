import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandEnvelope,
  commandSubjects,
  CommandReply,
  CreateRepositoryBody,
  DeliveryReply,
  RepositoryEvent,
  RequestBuildCommand,
  type CodeHostName,
  type DeliveryEvent,
} from '@slipway/contracts';
import { codeHosts, delivery } from '@slipway/domain';
import { parsePrivateHosts } from '@slipway/egress';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { AppError, type ErrorCode } from '@slipway/kernel';
import { connectNats, request, serve } from '@slipway/messaging';
import { silentLogger, type RunningService } from '@slipway/platform';
import { startNatsServer, temporaryDirectory, type TemporaryDirectory, type TestServer } from '@slipway/testing';
import type { z } from 'zod';
import { startRepository } from '../service.js';

const RequestBuildMessage = commandEnvelope(RequestBuildCommand);
type RequestBuildMessage = z.infer<typeof RequestBuildMessage>;

export const COMMIT = '7638417db6d59f3c431d3e1f261cc637155684cd';
export const push = (change: object = {}) => ({
  ref: 'refs/heads/main',
  before: '0'.repeat(40),
  after: COMMIT,
  ...change,
});

/** A repository service on a real nats-server, and an orchestrator that only writes down what it is asked for. */
export class DeliveryHouse {
  readonly secretKey = createSecretKey(randomBytes(32));
  /** What was asked for, by build ids. */
  readonly asked = new Map<string, RequestBuildMessage>();
  store: EventStore = createMemoryEventStore();
  #services: RunningService[] = [];
  #orchestrator: RunningService | undefined;

  private constructor(
    readonly server: TestServer,
    readonly nats: NatsConnection,
    readonly folder: TemporaryDirectory,
    readonly giteeUrl: string,
  ) {}

  static async open(giteeUrl = 'https://gitee.com'): Promise<DeliveryHouse> {
    const server = await startNatsServer();
    const nats = await connectNats({ url: server.url, name: 'test' });
    return new DeliveryHouse(server, nats, temporaryDirectory(), giteeUrl);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.refuseBuilds();
    await this.nats.close();
    await this.server.stop();
    this.folder.remove();
  }

  /** `reconcileMs`: how often refs are compared; absent: never. */
  async start(reconcileMs?: number): Promise<void> {
    const config = {
      adminUser: 'admin',
      adminTokenFile: join(this.folder.path, 'token'),
      hosts: codeHosts({ OSChina: this.giteeUrl, GitCafe: 'https://gitcafe.com' }),
      secretKey: this.secretKey,
      privateHosts: parsePrivateHosts('127.0.0.0/8'),
      reconcileMs,
    };
    const signal = new AbortController().signal;
    const parts = { config, store: this.store, nats: this.nats, logger: silentLogger, signal };
    this.#services.push(await startRepository(parts));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#services.splice(0).map((service) => service.stop()));
  }

  /** From now on builds are taken; with a code: refused so. */
  async takeBuilds(refusal?: () => ErrorCode | undefined): Promise<void> {
    await this.refuseBuilds();
    this.#orchestrator = serve<RequestBuildMessage>(this.nats, {
      subject: commandSubjects.requestBuild,
      queue: 'orchestrator',
      schema: RequestBuildMessage,
      handle: async (message) => {
        const code = refusal?.();
        if (code) throw new AppError(code);
        this.asked.set(message.commandId, message);
        return Promise.resolve({ events: [], position: 1 });
      },
      onError: () => undefined,
    });
    await this.nats.flush();
  }

  /** From now on there is no orchestrator. */
  async refuseBuilds(): Promise<void> {
    await this.#orchestrator?.stop();
    this.#orchestrator = undefined;
  }

  send(subject: string, command: object): Promise<CommandReply> {
    const envelope = { commandId: randomUUID(), actor: 'alice', correlationId: 'c1', command };
    return request(this.nats, subject, envelope, { reply: CommandReply });
  }

  /** An image repository of `alice` whose branch `main` is built, unless said otherwise. */
  async repository(
    repo_name: string,
    code_repo_client: CodeHostName = 'GitHub',
    { isActive = true, reconcileIntervalS: reconcile_interval = null as number | null } = {},
  ): Promise<string | null> {
    const source =
      code_repo_client === 'Simple'
        ? { code_repo_clone_url: `${this.giteeUrl}/alice/hello.git` }
        : { code_repo_namespace: 'alice', code_repo_name: 'hello' };
    const tag_configs = [
      { code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest', is_active: isActive },
    ];
    const body = CreateRepositoryBody.parse({
      repo_name,
      build_config: { code_repo_client, ...source, reconcile_interval, tag_configs },
    });
    const { events } = await this.send(commandSubjects.createRepository, { namespace: 'alice', body });
    return webhookOf(events);
  }

  /** A fresh code and secret. */
  async webhook(repo_name: string): Promise<{ readonly code: string; readonly secret: string }> {
    const [code, secret] = [randomBytes(24).toString('base64url'), randomBytes(32).toString('base64url')];
    await this.send(commandSubjects.issueWebhook, { namespace: 'alice', repo_name, code, secret });
    return { code, secret };
  }

  deliver(code: string, payload: unknown, headers: Readonly<Record<string, string>> = {}): Promise<DeliveryReply> {
    const body = gzipSync(typeof payload === 'string' ? payload : JSON.stringify(payload)).toString('base64');
    const command = { code, headers, body, correlationId: 'c1' };
    return request(this.nats, commandSubjects.receiveDelivery, command, { reply: DeliveryReply, timeoutMs: 20_000 });
  }

  replay(repo_name: string, origin: { code: string; deliveryId: string }, dryRun = false): Promise<DeliveryReply> {
    const command = { namespace: 'alice', repo_name, dryRun, ...origin };
    const envelope = { commandId: randomUUID(), actor: 'bob', correlationId: 'c2', command };
    return request(this.nats, commandSubjects.replayDelivery, envelope, { reply: DeliveryReply, timeoutMs: 20_000 });
  }
}

export const webhookOf = (events: readonly { readonly event: unknown }[]): string | null =>
  events.reduce<string | null>((code, { event }) => {
    const { type, data } = RepositoryEvent.parse(event);
    return type === 'WebhookIssued' ? data.code : code;
  }, null);

/** As GitHub signs. */
export const signed = (secret: string, payload: unknown): Record<string, string> => ({
  'x-github-event': 'push',
  'x-github-delivery': randomUUID(),
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(JSON.stringify(payload)).digest('hex')}`,
});

/** What became of the latest run. */
export const runOf = ({ events }: DeliveryReply) => {
  const state = events.map(({ event }): DeliveryEvent => event).reduce(delivery.evolve, delivery.initial);
  if (state.phase === 'absent') throw new Error('there is no delivery');
  return state.run;
};
