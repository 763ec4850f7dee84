import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  commandSubjects,
  CommandReply,
  CreateRepositoryBody,
  RepositoryEvent,
  streams,
  type CommandReply as Reply,
  type Idempotency,
} from '@slipway/contracts';
import { createRepositoryRequest } from '@slipway/contracts/fixtures';
import { codeHosts } from '@slipway/domain';
import { createMemoryEventStore, uuidV5, type EventStore } from '@slipway/event-store';
import { connectNats, request } from '@slipway/messaging';
import { silentLogger, type RunningService } from '@slipway/platform';
import { startNatsServer, temporaryDirectory, until, type TemporaryDirectory, type TestServer } from '@slipway/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { startRepository } from './service.js';

let server: TestServer;
let nats: NatsConnection;
let folder: TemporaryDirectory;
let store: EventStore;
let services: RunningService[];

const start = async (over: EventStore = store): Promise<RunningService> => {
  const service = await startRepository({
    config: {
      adminUser: 'admin',
      adminTokenFile: join(folder.path, 'admin-token'),
      hosts: codeHosts({}),
      secretKey: createSecretKey(randomBytes(32)),
    },
    store: over,
    nats,
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  services.push(service);
  return service;
};

beforeAll(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
}, 20_000);
afterAll(async () => {
  await nats.close();
  await server.stop();
});
beforeEach(() => {
  folder = temporaryDirectory();
  store = createMemoryEventStore();
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  folder.remove();
});

const create = (
  body: object = createRepositoryRequest,
  commandId: string = randomUUID(),
  idempotency?: Idempotency,
): Promise<Reply> =>
  request(
    nats,
    commandSubjects.createRepository,
    {
      commandId,
      actor: 'alauda',
      correlationId: 'c1',
      idempotency,
      command: { namespace: 'alauda', body: CreateRepositoryBody.parse(body) },
    },
    { reply: CommandReply },
  );
const eventsOf = (reply: Reply): readonly RepositoryEvent[] =>
  reply.events.map(({ event }) => RepositoryEvent.parse(event));

describe('repository service', () => {
  it('creates a repository and answers with its events', async () => {
    await start();
    const reply = await create();
    expect(eventsOf(reply)).toEqual([
      {
        type: 'RepositoryCreated',
        data: expect.objectContaining({ namespace: 'alauda', repoName: 'docker_images_test', createdBy: 'alauda' }),
      },
      {
        type: 'BuildConfigChanged',
        data: expect.objectContaining({
          configId: 1,
          tagConfigs: [expect.objectContaining({ id: 1, versionTagging: 1 })],
        }),
      },
      {
        type: 'DeployKeyIssued',
        data: expect.objectContaining({
          publicKey: expect.stringMatching(/^ssh-ed25519 [A-Za-z0-9+/=]+ slipway:alauda\//),
        }),
      },
    ]);
    expect(reply.position).toBe(reply.events.at(-1)?.position);
  });

  it('creates it once under an idempotency key, whoever answers', async () => {
    const key = { key: 'k', digest: 'a'.repeat(64) };
    await start();
    const reply = await create(createRepositoryRequest, randomUUID(), key);
    await Promise.all(services.splice(0).map((service) => service.stop()));
    await start();
    expect(await create(createRepositoryRequest, randomUUID(), key)).toEqual(reply);
    const kept = await store.read(streams.request(uuidV5('request/alauda/k')));
    expect(kept.map(({ type }) => type)).toEqual(['RequestBegun', 'RequestAnswered']);
    expect(JSON.stringify(kept)).toContain('"ciphertext":""'); // the sealed private key stays where it is
    const other = create({ ...createRepositoryRequest, repo_name: 'other' }, randomUUID(), {
      ...key,
      digest: 'b'.repeat(64),
    });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('says in the event store who did it, and why', async () => {
    await start();
    const commandId = randomUUID();
    await create(createRepositoryRequest, commandId);
    const [event] = await store.read('repository-alauda.docker_images_test');
    expect(event?.metadata).toMatchObject({ actor: 'user:alauda', $correlationId: 'c1', $causationId: commandId });
  });

  it('answers a repeated command as the first time', async () => {
    await start();
    const commandId = randomUUID();
    expect(await create(createRepositoryRequest, commandId)).toEqual(await create(createRepositoryRequest, commandId));
    expect(await store.read('repository-alauda.docker_images_test')).toHaveLength(3);
  });

  it('makes one repository of a command that reaches two services at once', async () => {
    await start();
    await start();
    const commandId = randomUUID();
    const replies = await Promise.all(Array.from({ length: 8 }, () => create(createRepositoryRequest, commandId)));
    expect(await store.read('repository-alauda.docker_images_test')).toHaveLength(3);
    for (const reply of replies) expect(reply).toEqual(replies[0]);
  });

  it('refuses another repository of the same name', async () => {
    await start();
    await create();
    await expect(create({ ...createRepositoryRequest, description: 'another' })).rejects.toMatchObject({
      code: 'REPOSITORY_EXISTS',
      details: { namespace: 'alauda', repo_name: 'docker_images_test' },
    });
  });

  it('refuses GitCafe without a mirror', async () => {
    await start();
    const build_config = { ...createRepositoryRequest.build_config, code_repo_client: 'GitCafe' };
    await expect(create({ ...createRepositoryRequest, build_config })).rejects.toMatchObject({
      code: 'CODE_HOST_CLOSED',
    });
  });

  it('gives every config an id of its own, over several services', async () => {
    await Promise.all([start(), start(), start()]);
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, index) => create({ ...createRepositoryRequest, repo_name: `r${index}` })),
    );
    const configured = replies.flatMap(eventsOf).filter((event) => event.type === 'BuildConfigChanged');
    expect(new Set(configured.map(({ data }) => data.configId)).size).toBe(60);
    expect(new Set(configured.flatMap(({ data }) => data.tagConfigs.map(({ id }) => id))).size).toBe(60);
  });

  it('refuses a command it cannot read', async () => {
    await start();
    await expect(
      request(nats, commandSubjects.createRepository, { command: 'nonsense' }, { reply: CommandReply }),
    ).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
  });

  it('says so when the event store is away', async () => {
    await start();
    await store.close();
    await expect(create()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('waits at start for an event store that is not there yet', async () => {
    const closed = createMemoryEventStore();
    await closed.close();
    let reads = 0;
    const late: EventStore = { ...store, read: (...args) => (++reads === 1 ? closed : store).read(...args) };
    await start(late);
    await until(async () => (await create()).events.length === 3);
    expect(reads).toBeGreaterThan(1);
  });
});
