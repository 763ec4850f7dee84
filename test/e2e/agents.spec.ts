import { AgentView } from '@slipway/contracts';
import { temporaryDirectory, until, type TemporaryDirectory } from '@slipway/testing';
import { z } from 'zod';
import { startSystem, type RunningSystem } from '../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from './lib/api.js';

const LIMIT_MS = 90_000;
/** An agent that was silent for so long is lost, ms; and some more for a slow machine. */
const LOST_WITHIN_MS = 25_000;

describe('the agents of a system', () => {
  let state: TemporaryDirectory;
  let system: RunningSystem;
  let api: Api;
  beforeAll(async () => {
    state = temporaryDirectory();
    const env = {
      'build-agent-1': { AGENT_LABELS: 'arch=arm64' },
      'build-agent': { DUMMY_STEP_MS: '2000' },
    };
    system = await startSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 2, env });
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
});
