import type { AgentView } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { startTcpProxy, type TcpProxy } from '../faults/lib/tcp-proxy.js';
import { BASE, openHouse, type House } from './lib/house.js';
import { valueShownBy } from './lib/metrics.js';

const LIMIT_MS = 120_000;
/** Until an agent has noticed what became of its engine, and everybody has heard of it, ms. */
const NOTICED_WITHIN_MS = 30_000;

describe('an agent whose container engine does not answer', () => {
  let house: House;
  let engine: TcpProxy;
  let repository: string;
  beforeAll(async () => {
    engine = await startTcpProxy(engineAddress());
    const env = { 'build-agent-1': { DOCKER_HOST: `tcp://127.0.0.1:${engine.port}` } };
    house = await openHouse({ agents: 2, env });
    const name = house.freshName('engine');
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile: `FROM ${BASE}\nRUN true\n` });
    repository = `e2e/${name}`;
    await house.api.createRepository(repository, { cloneUrl });
  }, LIMIT_MS);
  afterAll(async () => {
    await house.stop();
    await engine.close();
  }, LIMIT_MS);

  const agent = async (id: string): Promise<AgentView | undefined> => {
    const { body } = await house.api.call('/v1/agents');
    return (body as { results: readonly AgentView[] }).results.find((one) => one.id === id);
  };
  const becomes = (id: string, state: AgentView['state']) =>
    until(async () => (await agent(id))?.state === state, { limitMs: NOTICED_WITHIN_MS, what: `${id} ${state}` });
  const drain = (id: string, method: 'POST' | 'DELETE') =>
    house.api.call(`/v1/agents/${id}/drain`, { method, headers: house.api.authorization });

  const shown = (series: string): Promise<number> => valueShownBy(house.system, 'build-agent-1', series);

  it.each([
    ['is gone', () => engine.cut()],
    ['hangs', () => engine.silence()],
  ])(
    'says so when it %s, takes no build, costs none an attempt, and takes them again afterwards',
    async (_, breaks) => {
      await becomes('agent-1', 'ready');
      breaks();
      await becomes('agent-1', 'paused');
      expect(await agent('agent-1')).toMatchObject({ paused_by: ['engine'], builds: [] });
      expect(await shown('slipway_engine_up')).toBe(0);
      expect(await shown('slipway_agent_paused{reason="engine"}')).toBe(1);
      for (let round = 0; round < 3; round++) {
        const { build_id } = await house.api.requestBuild(repository);
        expect(await house.api.ended(build_id)).toMatchObject({ status: 'S', agent: 'agent-2', attempt: 1 });
      }

      engine.heal();
      await becomes('agent-1', 'ready');
      expect(await shown('slipway_engine_up')).toBe(1);
      await drain('agent-2', 'POST');
      const { build_id } = await house.api.requestBuild(repository);
      expect(await house.api.ended(build_id)).toMatchObject({ status: 'S', agent: 'agent-1', attempt: 1 });
      await drain('agent-2', 'DELETE');
    },
    LIMIT_MS,
  );

  it(
    'claims not even the build that comes before anybody has noticed',
    async () => {
      await becomes('agent-1', 'ready');
      await drain('agent-2', 'POST');
      engine.cut();
      const { build_id } = await house.api.requestBuild(repository);
      await becomes('agent-1', 'paused');
      expect(await house.api.build(build_id)).toMatchObject({ state: 'queued', attempt: 0 });
      engine.heal();
      expect(await house.api.ended(build_id)).toMatchObject({ status: 'S', agent: 'agent-1', attempt: 1 });
      await drain('agent-2', 'DELETE');
    },
    LIMIT_MS,
  );
});

/** Of the engine of the test run: a socket in the file system, or a port of this machine. */
function engineAddress(dockerHost = process.env['SLIPWAY_DOCKER_HOST'] ?? ''): string | number {
  if (dockerHost.startsWith('unix://')) return dockerHost.slice('unix://'.length);
  return Number(new URL(dockerHost).port);
}
