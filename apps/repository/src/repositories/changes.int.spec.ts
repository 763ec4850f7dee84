import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ChangeBuildConfigBody,
  commandSubjects,
  CommandReply,
  CreateRepositoryBody,
  OpenBuildsRequest,
  RepositoryEvent,
  streams,
  type TagConfig,
  type UpdateRepositoryBody,
} from '@slipway/contracts';
import { changeBuildConfigRequest } from '@slipway/contracts/fixtures';
import { codeHosts } from '@slipway/domain';
import { connectEventStore, type EventStore } from '@slipway/event-store';
import { systemClock } from '@slipway/kernel';
import { connectNats, request, serve } from '@slipway/messaging';
import { silentLogger, type RunningService } from '@slipway/platform';
import { startEventStoreServer, startNatsServer, temporaryDirectory, type TestServer } from '@slipway/testing';
import { startRepository } from '../service.js';

const LIMIT_MS = 30_000;
const folder = temporaryDirectory();
let servers: readonly TestServer[];
let nats: NatsConnection;
let store: EventStore;
let services: readonly RunningService[];

beforeAll(async () => {
  const [natsServer, eventStoreServer] = await Promise.all([startNatsServer(), startEventStoreServer()]);
  servers = [natsServer, eventStoreServer];
  nats = await connectNats({ url: natsServer.url, name: 'test' });
  store = connectEventStore({ url: eventStoreServer.url });
  const secretKey = createSecretKey(randomBytes(32));
  const config = { adminUser: 'admin', adminTokenFile: join(folder.path, 'token'), hosts: codeHosts({}), secretKey };
  const parts = { config, store, nats, logger: silentLogger, signal: new AbortController().signal };
  services = [await startRepository(parts), await startRepository(parts)];
}, LIMIT_MS);
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await nats.close();
  await store.close();
  await Promise.all(servers.map((server) => server.stop()));
  folder.remove();
}, LIMIT_MS);

const send = async (
  subject: string,
  command: object,
  commandId = randomUUID(),
): Promise<readonly RepositoryEvent[]> => {
  const envelope = { commandId, actor: 'alauda', correlationId: 'c1', command };
  const { events } = await request(nats, subject, envelope, { reply: CommandReply });
  return events.map(({ event }) => RepositoryEvent.parse(event));
};
const create = async (repoName: string): Promise<readonly RepositoryEvent[]> => {
  const tagConfig = { code_repo_type: 'branch', code_repo_type_value: 'master', docker_repo_tag: 'latest' };
  const clone = { code_repo_client: 'Simple', code_repo_clone_url: 'https://git.example/app.git' };
  const body = { repo_name: repoName, build_config: { ...clone, tag_configs: [tagConfig] } };
  return send(commandSubjects.createRepository, { namespace: 'alauda', body: CreateRepositoryBody.parse(body) });
};
const named = (repoName: string) => ({ namespace: 'alauda', repo_name: repoName });
const update = (repoName: string, body: UpdateRepositoryBody) =>
  send(commandSubjects.updateRepository, { ...named(repoName), body });
const configure = (
  repoName: string,
  body: object,
  ifMatch: readonly string[] | null = null,
  commandId = randomUUID(),
) =>
  send(
    commandSubjects.changeBuildConfig,
    { ...named(repoName), body: ChangeBuildConfigBody.parse(body), ifMatch },
    commandId,
  );
const remove = (repoName: string, commandId = randomUUID()) =>
  send(commandSubjects.deleteRepository, named(repoName), commandId);

const tagConfigsOf = (events: readonly RepositoryEvent[]): readonly TagConfig[] =>
  events.findLast((event) => event.type === 'BuildConfigChanged')?.data.tagConfigs ?? [];
const configIdOf = (events: readonly RepositoryEvent[]): number | undefined =>
  events.findLast((event) => event.type === 'BuildConfigChanged')?.data.configId;
const typesIn = async (repoName: string): Promise<readonly string[]> =>
  (await store.read(streams.repository('alauda', repoName))).map(({ type }) => type);

describe('a change of the build config', () => {
  it('takes the printed request', async () => {
    expect(tagConfigsOf(await create('printed'))).toMatchObject([{ id: 1 }]);
    const changed = tagConfigsOf(await configure('printed', changeBuildConfigRequest));
    expect(changed).toMatchObject([
      { id: 1, dockerRepoTag: 'release', buildContextPath: '/' },
      { dockerRepoTag: 'latest', buildContextPath: '/aa', dockerfileLocation: '/aa' },
    ]);
    expect(changed[1]?.id).toBeGreaterThan(1);
  });

  it('appends nothing when it is repeated, though its new tag configs would get other ids', async () => {
    const [{ id: _id, docker_build_config_id: _configId, ...first }] = changeBuildConfigRequest.tag_configs as [
      (typeof changeBuildConfigRequest.tag_configs)[0],
    ];
    await create('repeated');
    const commandId = randomUUID();
    const once = await configure('repeated', { tag_configs: [first] }, null, commandId);
    expect(await configure('repeated', { tag_configs: [first] }, null, commandId)).toEqual(once);
    expect(await typesIn('repeated')).toHaveLength(4);
  });

  it('refuses the id of another repository, and says where it stands', async () => {
    await create('other');
    await expect(configure('other', changeBuildConfigRequest)).rejects.toMatchObject({
      code: 'TAG_CONFIG_UNKNOWN',
      details: { source: 'tag_configs.0.docker_build_config_id' },
    });
    const [{ docker_build_config_id: _configId, ...foreign }] = changeBuildConfigRequest.tag_configs as [
      (typeof changeBuildConfigRequest.tag_configs)[0],
    ];
    await expect(configure('other', { tag_configs: [foreign] })).rejects.toMatchObject({
      code: 'TAG_CONFIG_UNKNOWN',
      details: { source: 'tag_configs.0.id', id: 1 },
    });
  });

  it('lets one of many through that saw the same revision', async () => {
    const configId = configIdOf(await create('raced'));
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        configure('raced', { build_node: `node-${index}`, tag_configs: [] }, [`${configId}-1`]),
      ),
    );
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refused).toHaveLength(7);
    for (const error of refused) expect(error).toMatchObject({ code: 'BUILD_CONFIG_CHANGED' });
    expect(await typesIn('raced')).toHaveLength(4);
  });
});

describe('a change of the description', () => {
  it('says who did it, and keeps what is left out', async () => {
    await create('described');
    await update('described', { description: 'short' });
    const events = await update('described', { is_public: true });
    expect(events.at(-1)).toMatchObject({
      type: 'RepositoryDescribed',
      data: { description: 'short', fullDescription: '', isPublic: true, changedBy: 'alauda' },
    });
    await expect(update('missing', {})).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
  });
});

describe('a deletion', () => {
  /** Answers in place of the orchestrator. */
  const withOpenBuilds = async <T>(
    answer: (asked: OpenBuildsRequest) => number | Promise<number>,
    work: () => Promise<T>,
  ): Promise<T> => {
    const orchestrator = serve(nats, {
      subject: commandSubjects.openBuilds,
      queue: 'build-orchestrator',
      schema: OpenBuildsRequest,
      handle: async (asked) => ({ open: await answer(asked) }),
      onError: () => {},
    });
    await nats.flush();
    try {
      return await work();
    } finally {
      await orchestrator.stop();
    }
  };

  it('is done when no build is open, and the name is free for another repository', async () => {
    const before = await create('freed');
    const asked: OpenBuildsRequest[] = [];
    const commandId = randomUUID();
    await withOpenBuilds(
      (question) => {
        asked.push(question);
        return 0;
      },
      async () => {
        const events = await remove('freed', commandId);
        expect(events.map(({ type }) => type).slice(3)).toEqual(['RepositoryDeletionBegan', 'RepositoryDeleted']);
        expect(await remove('freed', commandId)).toEqual(events);
        await expect(remove('freed')).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
      },
    );
    const [, , , began] = await store.read(streams.repository('alauda', 'freed'));
    expect(asked).toEqual([{ ...named('freed'), position: began?.position }]);

    const again = await create('freed');
    expect(again).toHaveLength(8); // what happened stays
    const ids = [before, again].map((events) => [configIdOf(events), tagConfigsOf(events)[0]?.id]);
    expect(ids[1]?.[0]).not.toBe(ids[0]?.[0]);
    expect(ids[1]?.[1]).not.toBe(ids[0]?.[1]);
  });

  it('is refused while builds are open, and changes nothing', async () => {
    await create('busy');
    await withOpenBuilds(
      () => 2,
      async () => await expect(remove('busy')).rejects.toMatchObject({ code: 'REPOSITORY_BUSY' }),
    );
    expect((await typesIn('busy')).slice(3)).toEqual(['RepositoryDeletionBegan', 'RepositoryDeletionRefused']);
    await update('busy', { description: 'still here' });
  });

  it('is refused when nobody can say, and the repository goes on', async () => {
    await create('unknown');
    await expect(remove('unknown')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await update('unknown', { description: 'still here' });
  });

  it('lets nothing else be changed until it is decided', async () => {
    await create('closing');
    await withOpenBuilds(
      async () => {
        await expect(update('closing', { is_public: true })).rejects.toMatchObject({ code: 'REPOSITORY_CLOSING' });
        await expect(configure('closing', { tag_configs: [] })).rejects.toMatchObject({ code: 'REPOSITORY_CLOSING' });
        return 1;
      },
      async () => await expect(remove('closing')).rejects.toMatchObject({ code: 'REPOSITORY_BUSY' }),
    );
  });

  it('is done by whoever comes next when its decider died over it', async () => {
    await create('left');
    const deletionId = randomUUID();
    const metadata = { at: systemClock.now(), actor: 'user:alauda', version: 1 };
    const began = {
      id: randomUUID(),
      type: 'RepositoryDeletionBegan',
      data: { deletionId, requestedBy: 'alauda', at: metadata.at },
      metadata: { ...metadata, $correlationId: 'c', $causationId: deletionId },
    };
    await store.append(streams.repository('alauda', 'left'), [began], 2);
    await withOpenBuilds(
      () => 0,
      () => remove('left'),
    );
    expect((await typesIn('left')).slice(3)).toEqual(['RepositoryDeletionBegan', 'RepositoryDeleted']);
  });

  it('is one, however many ask for it at once', async () => {
    await create('often');
    const results = await withOpenBuilds(
      () => 0,
      () => Promise.allSettled(Array.from({ length: 6 }, () => remove('often'))),
    );
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    expect((await typesIn('often')).slice(3)).toEqual(['RepositoryDeletionBegan', 'RepositoryDeleted']);
  });
});
