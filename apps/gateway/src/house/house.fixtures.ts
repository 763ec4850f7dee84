import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  streams,
  type BuildEvent,
  type BuildLogEvent,
  type PublicTagEvent,
  type RepositoryEvent,
  type Scope,
  type UserEvent,
} from '@slipway/contracts';
import { codeHosts, type CodeHosts } from '@slipway/domain';
import {
  buildCodec,
  buildLogCodec,
  createMemoryEventStore,
  publicTagCodec,
  repositoryCodec,
  userCodec,
  type DomainEvent,
  type EventCodec,
  type EventStore,
} from '@slipway/event-store';
import { egressTo, type Resolve } from '@slipway/egress';
import { connectNats } from '@slipway/messaging';
import { silentLogger, type Logger } from '@slipway/platform';
import { openReadModel, type ReadModel } from '@slipway/read-model';
import { startNatsServer, temporaryDirectory, type TestServer } from '@slipway/testing';
import { startGateway, type Gateway } from '../gateway.js';
import type { OidcConfig } from '../auth/oidc/logins.js';
import type { RateLimitConfig } from '../limits/limits.js';
import { project } from './projecting.fixtures.js';
import { append, at } from './told.fixtures.js';

/** Facts, told to the event store as the services would, and projected into a real read model. */
export interface House {
  readonly url: string;
  readonly gateway: Gateway;
  readonly databaseUrl: string;
  readonly natsServer: TestServer;
  readonly nats: NatsConnection;
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly tell: {
    readonly user: (name: string, events: readonly UserEvent[]) => Promise<void>;
    readonly repository: (name: string, events: readonly RepositoryEvent[]) => Promise<void>;
    /** `<namespace>.<repository>:<tag>`. */
    readonly tag: (name: string, events: readonly PublicTagEvent[]) => Promise<void>;
    readonly build: (buildId: string, events: readonly BuildEvent[]) => Promise<void>;
    readonly log: (buildId: string, events: readonly BuildLogEvent[]) => Promise<void>;
  };
  /** Registers the user once; answers a token of theirs. */
  readonly tokenOf: (name: string, options?: { readonly isAdmin?: boolean } & TokenLimits) => Promise<string>;
  /** Views announce what they have, or leave it to whoever reads to look. */
  announces: boolean;
  /** How long the views take over one event. */
  lagMs: number;
  readonly caughtUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** What a token is good for; absent: everything. */
export interface TokenLimits {
  readonly scope?: Scope;
  readonly namespace?: string;
}

export interface HouseOptions {
  readonly publicUrl?: string;
  readonly hosts?: CodeHosts;
  readonly logger?: Logger;
  readonly limits?: Partial<RateLimitConfig>;
  readonly trustedProxies?: string[];
  readonly oidc?: OidcConfig | undefined;
}

/** Tests ask more in a second than people in a minute. */
const PLENTY: RateLimitConfig = { anonymous: 1e6, caller: 1e6, writes: 1e6, webhooks: 1e6, failures: 1e6, logins: 1e6 };

/** Hosts of tests; all others are somewhere public. Nobody is asked. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'inside.example': ['10.0.0.1'],
  'mixed.example': ['8.8.8.8', '10.0.0.1'],
  'unknown.example': [],
};
const resolve: Resolve = (host) =>
  host === 'silent.example' ? Promise.withResolvers<never>().promise : Promise.resolve(ADDRESSES[host] ?? ['8.8.8.8']);

export async function openHouse({
  publicUrl,
  hosts = codeHosts({}),
  logger = silentLogger,
  limits = {},
  trustedProxies = [],
  oidc,
}: HouseOptions = {}): Promise<House> {
  const directory = temporaryDirectory();
  const databaseUrl = `sqlite:${join(directory.path, 'read-model.db')}`;
  const natsServer = await startNatsServer();
  const nats = await connectNats({ url: natsServer.url, name: 'house' });
  const gatewayNats = await connectNats({ url: natsServer.url, name: 'gateway' });
  const store = createMemoryEventStore();
  const readModel = openReadModel(databaseUrl, { readOnly: true });
  const tellIn =
    <Event extends DomainEvent>(codec: EventCodec<Event>, streamOf: (key: string) => string) =>
    (key: string, events: readonly Event[]): Promise<void> =>
      append(store, codec, streamOf(key), events);
  const tellUser = tellIn(userCodec, streams.user);
  const house = { announces: true, lagMs: 0 };
  const projecting = await project(store, databaseUrl, {
    lagMs: () => house.lagMs,
    announce: (changed) => {
      if (!house.announces) return;
      for (const [view, keys] of changed) for (const key of keys) nats.publish(`projected.${view}.${key}`);
    },
  });
  const gateway = await startGateway({
    config: { host: '127.0.0.1', port: 0, publicUrl, hosts, limits: { ...PLENTY, ...limits }, trustedProxies, oidc },
    egress: egressTo({ resolve }),
    nats: gatewayNats,
    readModel,
    logger,
  });
  return Object.assign(house, {
    url: gateway.url,
    gateway,
    databaseUrl,
    natsServer,
    nats,
    store,
    readModel,
    tell: {
      user: tellUser,
      repository: tellIn(repositoryCodec, (name) => `repository-${name}`),
      tag: tellIn(publicTagCodec, (name) => `tag-${name}`),
      build: tellIn(buildCodec, streams.build),
      log: tellIn(buildLogCodec, streams.buildLog),
    },
    tokenOf: async (name: string, { isAdmin = false, ...limits } = {}) => {
      const token = `slp_${randomUUID()}`;
      const tokenHash = createHash('sha256').update(token).digest('hex');
      await tellUser(name, [
        { type: 'UserRegistered', data: { name, isAdmin, at } },
        { type: 'TokenIssued', data: { name, tokenId: randomUUID(), tokenHash, at, ...limits } },
      ]);
      await projecting.caughtUp();
      return token;
    },
    caughtUp: projecting.caughtUp,
    stop: async () => {
      await gateway.stop();
      await projecting.stop();
      await Promise.all([nats.close(), gatewayNats.close()]);
      await readModel.close();
      await natsServer.stop();
      directory.remove();
    },
  });
}
