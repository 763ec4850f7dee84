import type { AgentView, BuildView } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { imagesNamed } from './lib/engine.js';
import { BASE, openHouse, type House } from './lib/house.js';
import {
  holdManifests,
  holdUploads,
  pass,
  refuseAll,
  refuseManifests,
  startRegistryProxy,
  type RegistryProxy,
} from './lib/registry-proxy.js';

const LIMIT_MS = 180_000;
const ACK_WAIT_MS = 5_000;

describe('a push', () => {
  let house: House;
  let proxies: readonly [RegistryProxy, RegistryProxy];
  beforeAll(async () => {
    const registry = process.env['SLIPWAY_REGISTRY_URL'] ?? '';
    proxies = [await startRegistryProxy(registry), await startRegistryProxy(registry)];
    const env = {
      '*': { ACK_WAIT_MS: String(ACK_WAIT_MS) },
      'build-agent-1': { REGISTRY_URL: proxies[0].url },
      'build-agent-2': { REGISTRY_URL: proxies[1].url },
    };
    house = await openHouse({ agents: 2, env });
  }, LIMIT_MS);
  afterEach(() => proxies.forEach((proxy) => proxy.rule(pass)));
  afterAll(async () => {
    await house.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }, LIMIT_MS);

  const repository = async (run = 'true', tagConfig = {}): Promise<string> => {
    const name = house.freshName('push');
    const files = { Dockerfile: `FROM ${BASE}\nRUN echo ${name} >/name\nRUN ${run}\n` };
    const { cloneUrl } = await house.git.createRepository(name, files);
    await house.api.createRepository(`e2e/${name}`, { cloneUrl }, tagConfig);
    return `e2e/${name}`;
  };
  const agentIs = (id: string, state: AgentView['state']) =>
    until(
      async () => {
        const { body } = await house.api.call('/v1/agents');
        return (body as { results: AgentView[] }).results.find((one) => one.id === id)?.state === state;
      },
      { limitMs: 30_000, what: `${id} ${state}` },
    );
  const drain = async (id: string, method: 'POST' | 'DELETE') => {
    await house.api.call(`/v1/agents/${id}/drain`, { method, headers: house.api.authorization });
    await agentIs(id, method === 'POST' ? 'draining' : 'ready');
  };
  /** A build that the first agent has, though there are two. */
  const onFirst = async (path: string): Promise<BuildView> => {
    await agentIs('agent-1', 'ready');
    await drain('agent-2', 'POST');
    const { build_id } = await house.api.requestBuild(path);
    const build = await house.api.buildWhen(build_id, ({ attempt }) => attempt === 1);
    expect(build.agent).toBe('agent-1');
    await drain('agent-2', 'DELETE');
    return build;
  };
  const held = (proxy: RegistryProxy) => until(() => proxy.held() > 0, { limitMs: 60_000, what: 'the held push' });
  const eventsOf = async (buildId: string): Promise<readonly { type: string; data: Record<string, unknown> }[]> => {
    const { body } = await house.api.call(`/v1/builds/${buildId}/events`);
    return (body as { events: { type: string; data: Record<string, unknown> }[] }).events;
  };

  it(
    'that hangs is stopped with its build: cancelling until it is, and nothing is pushed afterwards',
    async () => {
      const path = await repository();
      proxies[0].rule(holdUploads);
      const { build_id } = await onFirst(path);
      await held(proxies[0]);
      expect((await house.api.build(build_id)).state).toBe('pushing');

      const agent = house.system.pid('build-agent-1');
      process.kill(agent, 'SIGSTOP'); // so that there is time to look
      const { status } = await house.api.call(`/v1/builds/${build_id}`, { method: 'DELETE' });
      const between = await house.api.build(build_id);
      process.kill(agent, 'SIGCONT');
      expect([status, between.state, between.ended_at]).toEqual([202, 'cancelling', null]);

      expect(await house.api.ended(build_id, 30_000)).toMatchObject({ state: 'cancelled', tags: [], attempt: 1 });
      proxies[0].rule(pass); // an engine does not take back a request that it has made; it makes no more
      await house.api.ended((await onFirst(await repository())).build_id); // an engine that went on would be done by now
      expect(proxies[0].passed().filter((request) => request.startsWith(`PUT /v2/${path}/manifests/`))).toEqual([]);
      expect(await house.registry.tags(path)).toEqual([]);
      expect(await imagesNamed(house.docker, build_id)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'that ends late leaves the tag to the newer build, and says Superseded',
    async () => {
      const path = await repository();
      proxies[0].rule(holdManifests);
      const older = await onFirst(path);
      await held(proxies[0]);
      await drain('agent-1', 'POST');
      const newer = await house.api.ended((await house.api.requestBuild(path)).build_id);
      expect(newer).toMatchObject({ status: 'S', state: 'succeeded', agent: 'agent-2' });
      expect(await house.registry.digestOf(path, 'latest')).toBe(newer.digest);

      proxies[0].rule(pass);
      const late = await house.api.ended(older.build_id);
      expect(late).toMatchObject({ status: 'S', state: 'superseded', attempt: 1, agent: 'agent-1' });
      expect(late.digest).not.toBe(newer.digest);
      expect(late.tags).toMatchObject([{ tag: 'latest', moved: false }]);
      expect(await house.registry.digestOf(path, 'latest')).toBe(newer.digest);
      expect(await house.registry.digestOf(path, `build-${older.build_id}`)).toBe(late.digest);
      await drain('agent-1', 'DELETE');
    },
    LIMIT_MS,
  );

  it(
    'of an agent that lost its lease changes no tag that anybody reads, whenever it comes through',
    async () => {
      const path = await repository('cat /proc/sys/kernel/random/uuid >/id', { build_cache_enabled: false });
      proxies[0].rule(holdManifests);
      const { build_id } = await onFirst(path);
      await held(proxies[0]);
      const agent = house.system.pid('build-agent-1');
      process.kill(agent, 'SIGSTOP'); // the engine goes on without it
      const build = await house.api.ended(build_id);
      expect(build).toMatchObject({ status: 'S', state: 'succeeded', attempt: 2, agent: 'agent-2' });
      expect(await house.registry.digestOf(path, 'latest')).toBe(build.digest);

      proxies[0].rule(pass);
      await until(() => proxies[0].passed().some((request) => request.endsWith(`/manifests/build-${build_id}.1`)), {
        limitMs: 30_000,
        what: 'the stale push',
      });
      process.kill(agent, 'SIGCONT');
      await agentIs('agent-1', 'ready');
      const next = await house.api.ended((await onFirst(await repository())).build_id); // it is back, and did what it had to
      expect(next.status).toBe('S');
      expect(await house.registry.digestOf(path, 'latest')).toBe(build.digest);
      expect(await house.registry.digestOf(path, `build-${build_id}`)).toBe(build.digest);
      expect(await house.registry.digestOf(path, `build-${build_id}.2`)).toBe(build.digest);
      const stale = await house.registry.digestOf(path, `build-${build_id}.1`);
      expect(stale).toMatch(/^sha256:/); // it is there, and another image
      expect(stale).not.toBe(build.digest);
      expect((await eventsOf(build_id)).filter(({ type }) => type === 'ImagePushed')).toHaveLength(1);
      expect((await house.api.build(build_id)).digest).toBe(build.digest);
    },
    LIMIT_MS,
  );

  it(
    'that was under way when its agent was killed leaves nothing on the engine once the agent is back',
    async () => {
      proxies[0].rule(holdUploads);
      const { build_id } = await onFirst(await repository());
      await held(proxies[0]);
      await house.docker.getImage(BASE).tag({ repo: `somebody/${build_id}`, tag: '1' });
      await house.system.kill('build-agent-1');
      expect(await house.api.ended(build_id)).toMatchObject({ status: 'S', attempt: 2, agent: 'agent-2' });
      expect((await imagesNamed(house.docker, build_id)).length).toBeGreaterThan(1);

      proxies[0].rule(pass);
      await house.system.restart('build-agent-1');
      await until(async () => (await imagesNamed(house.docker, build_id)).length === 1, { limitMs: 30_000 });
      expect(await imagesNamed(house.docker, build_id)).toEqual([`somebody/${build_id}:1`]);
      await house.docker.getImage(`somebody/${build_id}:1`).remove();
    },
    LIMIT_MS,
  );

  it(
    'that the registry answers with 503 is for another agent to try; a failing step is not',
    async () => {
      const failing = await house.api.ended((await house.api.requestBuild(await repository('false'))).build_id);
      expect(failing).toMatchObject({ status: 'F', attempt: 1, failure: { code: 'DOCKERFILE_STEP_FAILED' } });

      proxies[0].rule(refuseManifests);
      const { build_id } = await onFirst(await repository());
      const build = await house.api.ended(build_id);
      expect(build).toMatchObject({ status: 'S', attempt: 2, agent: 'agent-2' });
      const lost = (await eventsOf(build_id)).filter(({ type }) => type === 'AttemptLost');
      expect(lost).toMatchObject([{ data: { attempt: 1, failure: { code: 'REGISTRY_UNAVAILABLE' } } }]);
    },
    LIMIT_MS,
  );

  it(
    'that no agent gets through fails the build after three attempts, which the failure names',
    async () => {
      proxies.forEach((proxy) => proxy.rule(refuseManifests));
      const { build_id } = await onFirst(await repository());
      const build = await house.api.ended(build_id, 2 * 60_000);
      expect(build).toMatchObject({ status: 'F', attempt: 3, tags: [], failure: { code: 'ATTEMPTS_EXHAUSTED' } });
      for (const said of ['agent-1', 'agent-2', 'REGISTRY_UNAVAILABLE']) expect(build.failure?.message).toContain(said);
      const types = (await eventsOf(build_id)).map(({ type }) => type);
      expect(types.filter((type) => type === 'AttemptLeased')).toHaveLength(3);
    },
    LIMIT_MS,
  );

  it(
    'is not begun while the registry is away: builds wait, and it costs none an attempt',
    async () => {
      const path = await repository();
      await Promise.all(['agent-1', 'agent-2'].map((id) => agentIs(id, 'ready')));
      proxies.forEach((proxy) => proxy.rule(refuseAll));
      await Promise.all(['agent-1', 'agent-2'].map((id) => agentIs(id, 'paused')));
      const { body } = await house.api.call('/v1/agents');
      expect((body as { results: AgentView[] }).results.map((one) => one.paused_by)).toEqual([
        ['registry'],
        ['registry'],
      ]);
      const { build_id } = await house.api.requestBuild(path);
      await house.api.buildWhen(build_id, ({ queue }) => queue?.waiting_reason === 'agents_paused');
      expect(await house.api.build(build_id)).toMatchObject({ state: 'queued', attempt: 0 });

      proxies.forEach((proxy) => proxy.rule(pass));
      expect(await house.api.ended(build_id)).toMatchObject({ status: 'S', attempt: 1 });
    },
    LIMIT_MS,
  );
});
