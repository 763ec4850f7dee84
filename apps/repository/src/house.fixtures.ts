import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, CommandReply, LoginReply } from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { connectNats, request } from '@slipway/messaging';
import { silentLogger, type RunningService } from '@slipway/platform';
import { startNatsServer, temporaryDirectory, type TemporaryDirectory, type TestServer } from '@slipway/testing';
import { startRepository } from './service.js';
import type { Passwords } from './users/password.js';

/** A real nats-server for all tests of a file, and for each an empty event store and services of its own. */
export class RepositoryHouse {
  store: EventStore = createMemoryEventStore();
  #services: RunningService[] = [];
  #folder: TemporaryDirectory | undefined;

  private constructor(
    private readonly server: TestServer,
    readonly nats: NatsConnection,
  ) {}

  static async open(): Promise<RepositoryHouse> {
    const server = await startNatsServer();
    return new RepositoryHouse(server, await connectNats({ url: server.url, name: 'test' }));
  }

  /** One more service. `store`: instead of the house's. */
  async start(
    options: { readonly adminUser?: string; readonly store?: EventStore; readonly passwords?: Passwords } = {},
  ): Promise<void> {
    const { adminUser = 'root', store = this.store, ...rest } = options;
    this.#folder ??= temporaryDirectory();
    const secretKey = createSecretKey(randomBytes(32));
    const config = { adminUser, adminTokenFile: join(this.#folder.path, 'token'), hosts: codeHosts({}), secretKey };
    const signal = new AbortController().signal;
    this.#services.push(
      await startRepository({ config, store, nats: this.nats, logger: silentLogger, signal, ...rest }),
    );
  }

  async stopServices(): Promise<void> {
    await Promise.all(this.#services.splice(0).map((service) => service.stop()));
  }

  /** Nothing is left for the next test. */
  async clear(): Promise<void> {
    await this.stopServices();
    this.#folder?.remove();
    this.#folder = undefined;
    this.store = createMemoryEventStore();
  }

  send(subject: string, command: object, actor: string, more: object = {}): Promise<CommandReply> {
    const envelope = { commandId: randomUUID(), actor, correlationId: 'c1', command, ...more };
    return request(this.nats, subject, envelope, { reply: CommandReply });
  }

  logIn(username: string): Promise<LoginReply> {
    const command = { issuer: 'https://login.example.com', subject: username, username, correlationId: 'c1' };
    return request(this.nats, commandSubjects.login, command, { reply: LoginReply });
  }

  async close(): Promise<void> {
    await this.nats.close();
    await this.server.stop();
  }
}
