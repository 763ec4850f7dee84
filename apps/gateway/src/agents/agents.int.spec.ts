import { AgentListQuery, commandSubjects, DrainAgentRequest, querySubjects, type AgentView } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { callerWith } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

const viewOf = (id: string): AgentView => ({
  id,
  instance_id: '00000000-0000-4000-9000-000000000001',
  shares_id: false,
  state: 'ready',
  paused_by: [],
  draining: false,
  version: '0.1.0',
  build_nodes: ['in'],
  labels: { arch: 'arm64' },
  network_policies: ['none', 'full'],
  slots: 2,
  builds: ['5709f780-e8fb-4b52-aa3b-6256b572fb51'],
  free_disk_bytes: 1_000_000,
  started_at: '2026-01-02T03:04:05.678Z',
  last_seen: '2026-01-02T03:04:05.678Z',
});

let house: House;
let admin: ReturnType<typeof callerWith>;
beforeAll(async () => {
  house = await openHouse();
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
}, 30_000);
afterAll(() => house.stop());

describe('the agents', () => {
  it('are 503 while no orchestrator answers', async () => {
    expect(await admin('/v1/agents')).toMatchObject({ status: 503 });
  });

  it('are listed to administrators of the system, page by page, and to nobody else', async () => {
    serve(house.nats, {
      subject: querySubjects.agents,
      queue: 'build-orchestrator',
      schema: AgentListQuery,
      onError: rethrow,
      handle: ({ page }) => Promise.resolve({ count: 21, agents: [viewOf(`agent-${page}`)] }),
    });
    await house.nats.flush();
    const first = { count: 21, next: `${house.url}/v1/agents?page=2`, previous: null, results: [viewOf('agent-1')] };
    expect(await admin('/v1/agents')).toMatchObject({ status: 200, body: first });
    const second = { next: null, previous: `${house.url}/v1/agents?page=1`, results: [viewOf('agent-2')] };
    expect(await admin('/v1/agents?page=2')).toMatchObject({ status: 200, body: second });
    const alice = callerWith(house.url, await house.tokenOf('alice'));
    expect(await alice('/v1/agents')).toMatchObject({ status: 403 });
    expect(await callerWith(house.url, undefined)('/v1/agents')).toMatchObject({ status: 401 });
  });

  it('are taken out of service and put back by administrators of the system, and by nobody else', async () => {
    const heard: DrainAgentRequest[] = [];
    const path = '/v1/agents/agent-1/drain';
    expect(await admin(path, { method: 'POST' })).toMatchObject({ status: 503 });
    serve(house.nats, {
      subject: commandSubjects.drainAgent,
      queue: 'build-orchestrator',
      schema: DrainAgentRequest,
      onError: rethrow,
      handle: async (asked) => {
        if (asked.agentId !== 'agent-1') throw new AppError('AGENT_NOT_FOUND', { agentId: asked.agentId });
        heard.push(asked);
        return { ...viewOf('agent-1'), draining: asked.isDraining };
      },
    });
    await house.nats.flush();
    expect(await admin(path, { method: 'POST' })).toMatchObject({
      status: 200,
      body: { id: 'agent-1', draining: true },
    });
    expect(await admin(path, { method: 'DELETE' })).toMatchObject({ status: 200, body: { draining: false } });
    expect(await admin('/v1/agents/agent-2/drain', { method: 'POST' })).toMatchObject({ status: 404 });
    expect(await admin('/v1/agents/-/drain', { method: 'POST' })).toMatchObject({ status: 422 });
    const alice = callerWith(house.url, await house.tokenOf('alice'));
    expect(await alice(path, { method: 'POST' })).toMatchObject({ status: 403 });
    const by = { agentId: 'agent-1', by: 'admin' };
    expect(heard).toEqual([
      { ...by, isDraining: true },
      { ...by, isDraining: false },
    ]);
  });
});
