import { AgentView } from '@slipway/contracts';
import { temporaryDirectory, until, type TemporaryDirectory } from '@slipway/testing';
import { z } from 'zod';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import type { Death } from '../../tools/launcher/process/death.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi, type Api } from './lib/api.js';

const LIMIT_MS = 90_000;
/** An agent that was silent for so long is lost, ms; and some more for a slow machine. */
const LOST_WITHIN_MS = 25_000;
/** A build that ends while a nats-server dies may be recorded half a minute later, and its agent waits for that, ms. */
const END_LIMIT_MS = 75_000;

describe('the agents of a system', () => {
  let state: TemporaryDirectory;
  let system: RunningSystem;
  let api: Api;
  const deaths: Death[] = [];
  beforeAll(async () => {
    state = temporaryDirectory();
    const env = {
      'build-agent-1': { AGENT_LABELS: 'arch=arm64', DRAIN_GRACE_MS: '60000' },
      'build-agent-2': { DRAIN_GRACE_MS: '100' },
      'build-agent': { DUMMY_STEP_MS: '2000' },
    };
    system = await startTestSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 2, env });
    system.onDeath((death) => deaths.push(death));
    api = connectApi(system.urls.api, system.adminToken);
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    state.remove();
  }, LIMIT_MS);

  const agents = async (): Promise<readonly AgentView[]> =>
    z.array(AgentView).parse(((await api.call('/v1/agents')).body as { results: unknown }).results);
  const agentsWhen = (isIt: (all: readonly AgentView[]) => boolean, what: string, limitMs = 10_000) =>
    until(
      async () => {
        const all = await agents();
        return isIt(all) ? all : undefined;
      },
      { limitMs, what },
    );

  it(
    'are listed with what they are, and with the builds they are at',
    async () => {
      const [first, second] = await agentsWhen(({ length }) => length === 2, 'both agents');
      expect(first).toMatchObject({ id: 'agent-1', state: 'ready', labels: { arch: 'arm64' }, build_nodes: ['in'] });
      expect(second).toMatchObject({
        id: 'agent-2',
        state: 'ready',
        labels: {},
        slots: 2,
        builds: [],
        shares_id: false,
        free_disk_bytes: expect.any(Number),
      });
      await api.createRepository('e2e/agents', { cloneUrl: 'https://git.example/agents.git' });
      const { build_id } = await api.requestBuild('e2e/agents');
      const [holder] = (
        await agentsWhen((all) => all.some(({ builds }) => builds.includes(build_id)), 'the build')
      ).filter(({ builds }) => builds.length > 0);
      expect((await api.build(build_id)).agent).toBe(holder?.id);
      await api.ended(build_id);
      await agentsWhen((all) => all.every(({ builds }) => builds.length === 0), 'its end');
    },
    LIMIT_MS,
  );

  it(
    'are known at once to an orchestrator that has just started',
    async () => {
      await system.kill('build-orchestrator');
      await system.restart('build-orchestrator');
      await agentsWhen((all) => all.filter((one) => one.state === 'ready').length === 2, 'both agents', 4_000);
    },
    LIMIT_MS,
  );

  it(
    'are lost when nobody hears them, and back with their next life',
    async () => {
      await system.kill('build-agent-2');
      const lost = await agentsWhen((all) => all.some((one) => one.state === 'lost'), 'the loss', LOST_WITHIN_MS);
      expect(lost).toMatchObject([{ state: 'ready' }, { id: 'agent-2', state: 'lost' }]);
      await system.restart('build-agent-2');
      const back = await agentsWhen((all) => all.every((one) => one.state === 'ready'), 'the next life');
      expect(back.map(({ id }) => id)).toEqual(['agent-1', 'agent-2']);
    },
    LIMIT_MS,
  );

  const drain = (id: string, method: 'POST' | 'DELETE') =>
    api.call(`/v1/agents/${id}/drain`, { method, headers: api.authorization });
  const drained = async (id: string) =>
    expect(await drain(id, 'POST')).toMatchObject({
      status: 200,
      body: { id, state: 'draining', paused_by: ['draining'] },
    });
  const undrained = async (id: string) =>
    expect(await drain(id, 'DELETE')).toMatchObject({ status: 200, body: { id, state: 'ready', draining: false } });
  const allReady = () =>
    agentsWhen((all) => all.length === 2 && all.every((one) => one.state === 'ready'), 'both agents');
  /** A build that this agent is at, because nobody else could take it. */
  const buildOn = async (id: string): Promise<string> => {
    const other = id === 'agent-1' ? 'agent-2' : 'agent-1';
    await drained(other);
    const { build_id } = await api.requestBuild('e2e/agents');
    await agentsWhen((all) => all.some((one) => one.id === id && one.builds.includes(build_id)), `the build on ${id}`);
    await undrained(other);
    return build_id;
  };
  /** Asks the service to stop, and answers how it ended. */
  const endOf = async (service: string): Promise<Death> => {
    process.kill(system.pid(service), 'SIGTERM');
    const limits = { limitMs: END_LIMIT_MS, what: `the end of ${service}` };
    return until(() => deaths.find((death) => death.name === service), limits);
  };

  it(
    'take no jobs while they are out of service, also in their next life, and take them again afterwards',
    async () => {
      await drained('agent-2');
      await drained('agent-2');
      await system.restart('build-agent-2');
      await agentsWhen((all) => all.some((one) => one.id === 'agent-2' && one.state === 'draining'), 'its next life');
      const asked = await Promise.all([1, 2, 3].map(() => api.requestBuild('e2e/agents'))); // more than agent-1 has slots
      for (const { build_id } of asked)
        expect(await api.ended(build_id)).toMatchObject({ status: 'S', agent: 'agent-1' });
      await undrained('agent-2');
      await undrained('agent-2');
      expect((await api.ended(await buildOn('agent-2'))).agent).toBe('agent-2');
      expect(await drain('agent-9', 'POST')).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'agent_not_found' }] },
      });
    },
    LIMIT_MS,
  );

  it(
    'end with 0 when they are stopped, once their builds have ended',
    async () => {
      const buildId = await buildOn('agent-1');
      expect(await endOf('build-agent-1')).toMatchObject({ code: 0 });
      expect(await api.ended(buildId)).toMatchObject({ status: 'S', agent: 'agent-1', attempt: 1 });
      await system.restart('build-agent-1');
      await allReady();
    },
    LIMIT_MS,
  );

  it(
    'give back what is not done when the grace is over, and another one takes it',
    async () => {
      const buildId = await buildOn('agent-2');
      expect(await endOf('build-agent-2')).toMatchObject({ code: 0 });
      expect(await api.ended(buildId)).toMatchObject({ status: 'S', agent: 'agent-1', attempt: 2 });
      const { body } = await api.call(`/v1/builds/${buildId}/events`);
      expect(JSON.stringify(body)).toContain('AGENT_STOPPING: the agent is taken out of service');
    },
    LIMIT_MS,
  );

  it('cannot be taken out of service when they do not run', async () =>
    expect(await drain('agent-2', 'POST')).toMatchObject({ status: 503 }));
});
