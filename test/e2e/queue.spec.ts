import type { BuildQueueView, ShownBuildView } from '@slipway/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@slipway/testing';
import { startSystem, type RunningSystem } from '../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from './lib/api.js';

const LIMIT_MS = 120_000;
/** Of one build: long enough to be looked at. */
const STEP_MS = 4_000;

describe('builds that wait', () => {
  let state: TemporaryDirectory;
  let system: RunningSystem;
  let api: Api;
  beforeAll(async () => {
    state = temporaryDirectory();
    const env = {
      'build-agent': { DUMMY_STEPS: '1', DUMMY_STEP_MS: String(STEP_MS), AGENT_SLOTS: '1', AGENT_LABELS: 'arch=arm64' },
      'build-orchestrator': { BUILD_NODES: 'in,cn' },
    };
    system = await startSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 1, env });
    api = connectApi(system.urls.api, system.adminToken);
    const cloneUrl = 'https://git.example/queue.git';
    await api.createRepository('e2e/queue', { cloneUrl });
    await api.createRepository('e2e/elsewhere', { cloneUrl, buildNode: 'cn' });
    await api.createRepository('e2e/arm', { cloneUrl, agentLabels: { arch: 'arm64' } });
    await api.createRepository('e2e/amd', { cloneUrl, agentLabels: { arch: 'amd64' } });
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    state.remove();
  }, LIMIT_MS);

  const requested = async (path: string): Promise<string> => (await api.requestBuild(path)).build_id;
  const queueIs = (buildId: string, place: Partial<BuildQueueView>): Promise<ShownBuildView> =>
    api.buildWhen(
      buildId,
      ({ queue }) =>
        queue !== null && Object.entries(place).every(([name, value]) => queue[name as keyof BuildQueueView] === value),
    );

  it(
    'say that no agent can take them, and stand in line',
    async () => {
      const [first, second] = [await requested('e2e/elsewhere'), await requested('e2e/elsewhere')];
      await queueIs(first, { position: 1, waiting_reason: 'no_agent', expected_start: null });
      await queueIs(second, { position: 2, waiting_reason: 'no_agent', expected_start: null });
      for (const buildId of [first, second]) await api.call(`/v1/builds/${buildId}`, { method: 'DELETE' });
      expect((await api.ended(first)).queue).toBeNull();
    },
    LIMIT_MS,
  );

  it(
    'wait for an agent with the labels that they ask for, and hold up nobody meanwhile',
    async () => {
      const nobodys = await requested('e2e/amd');
      await queueIs(nobodys, { position: 1, waiting_reason: 'no_agent' });
      expect(await api.ended(await requested('e2e/arm'))).toMatchObject({ status: 'S', attempt: 1, agent: 'agent-1' });
      expect(await api.build(nobodys)).toMatchObject({ status: 'W', queue: { waiting_reason: 'no_agent' } });
      await api.call(`/v1/builds/${nobodys}`, { method: 'DELETE' });
    },
    LIMIT_MS,
  );

  it(
    'tell their place behind a busy agent, move up, and expect their start once there is history',
    async () => {
      const before = await requested('e2e/queue');
      await api.ended(before);
      const running = await requested('e2e/queue');
      const { queue } = await api.buildWhen(running, ({ agent }) => agent !== null);
      expect(queue).toBeNull();
      const [first, second, third] = [
        await requested('e2e/queue'),
        await requested('e2e/queue'),
        await requested('e2e/queue'),
      ];
      await queueIs(first, { position: 1, waiting_reason: 'next' });
      await queueIs(second, { position: 2, waiting_reason: 'agents_busy' });
      const last = await queueIs(third, { position: 3, waiting_reason: 'agents_busy' });
      expect(Date.parse(last.queue?.expected_start ?? '') - Date.now()).toBeGreaterThan(STEP_MS);
      await api.buildWhen(third, (build) => build.queue?.position === 1);
      await api.ended(third);
    },
    LIMIT_MS,
  );

  it(
    'say that their agent takes no jobs for now',
    async () => {
      const drain = (method: string) => api.call('/v1/agents/agent-1/drain', { method, headers: api.authorization });
      expect((await drain('POST')).status).toBe(200);
      const buildId = await requested('e2e/queue');
      await queueIs(buildId, { position: 1, waiting_reason: 'agents_paused', expected_start: null });
      expect((await drain('DELETE')).status).toBe(200);
      await api.ended(buildId);
    },
    LIMIT_MS,
  );
});
