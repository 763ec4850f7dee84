import { randomUUID } from 'node:crypto';
import { BuildPlaceReply, Job, querySubjects, type BuildPlace } from '@slipway/contracts';
import { decodeMessage, request } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { heartbeat } from '../agents/agents.fixtures.js';
import { createRepository, House, ScriptedAgent, tellRepository } from '../orchestrator.fixtures.js';

const LIMIT_MS = 60_000;
/** Far beyond what was read. */
const NEVER = 1_000_000_000;

describe('the place of a build', () => {
  let house: House;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    house = await House.open({ buildNodes: ['cn'] });
    stop = await house.orchestrator({ QUOTA_RUNNING_BUILDS: '2' });
  }, LIMIT_MS);
  afterEach(async () => {
    await stop();
    await house.close();
  }, LIMIT_MS);

  const placeOf = async (buildId: string, position = 0): Promise<BuildPlace | null> =>
    (await request(house.nats, querySubjects.buildPlace, { buildId, position }, { reply: BuildPlaceReply })).place;
  const placeIs = (buildId: string, place: BuildPlace | null): Promise<unknown> =>
    until(
      async () => {
        expect(await placeOf(buildId)).toEqual(place);
        return true;
      },
      { what: `the place ${JSON.stringify(place)}` },
    );
  const room = { slots: 1, free: 1 };

  it(
    'is told with the reason why it waits, until it has an agent, and again when that one is lost',
    async () => {
      const [first, second, third] = [await house.requested(), await house.requested(), await house.requested()];
      await placeIs(first, { waitingReason: 'no_agent', ahead: 0, slots: 0, free: 0 });
      await placeIs(second, { waitingReason: 'no_agent', ahead: 1, slots: 0, free: 0 });
      const leave = house.says(heartbeat('a2', { slots: 1, pausedBy: ['disk'] }));
      await placeIs(first, { waitingReason: 'agents_paused', ahead: 0, slots: 0, free: 0 });
      leave();
      house.says(heartbeat('a3', { slots: 1 }));
      await placeIs(first, { waitingReason: 'next', ahead: 0, ...room });
      await placeIs(second, { waitingReason: 'agents_busy', ahead: 1, ...room });
      await placeIs(third, { waitingReason: 'namespace_limit', ahead: 0, slots: 1, free: 0 });

      const agent = new ScriptedAgent(house.nats, first, 'a3');
      await agent.claim();
      await placeIs(first, null);
      await placeIs(second, { waitingReason: 'next', ahead: 0, slots: 1, free: 0 });
      await agent.giveBack(1, 0);
      await placeIs(first, { waitingReason: 'next_attempt', ahead: 1, ...room });
    },
    LIMIT_MS,
  );

  it(
    'says that nobody can take a build whose network policy no agent can hold it to, until there is one',
    async () => {
      await stop();
      stop = await house.orchestrator({ NETWORK_POLICY_DEFAULT: 'proxy' });
      house.says(heartbeat('a2', { slots: 4 }));
      const buildId = await house.requested();
      await placeIs(buildId, { waitingReason: 'no_agent', ahead: 0, slots: 0, free: 0 });
      house.says(heartbeat('a3', { slots: 1, networkPolicies: ['none', 'proxy'] }));
      await placeIs(buildId, { waitingReason: 'next', ahead: 0, ...room });
      expect(decodeMessage(await house.jobOf(buildId), Job)).toMatchObject({ networkPolicy: 'proxy', labels: {} });
    },
    LIMIT_MS,
  );

  it(
    'says the same of a build whose agent is to have labels that none has, until there is one',
    async () => {
      await tellRepository(house.store, createRepository('arm', 'alauda', { arch: 'arm64' }));
      house.says(heartbeat('a2', { slots: 4 }));
      const buildId = await house.requested({ repo_name: 'arm' });
      await placeIs(buildId, { waitingReason: 'no_agent', ahead: 0, slots: 0, free: 0 });
      const labels = { arch: 'arm64', disk: 'fast' };
      house.says(heartbeat('a3', { slots: 1, labels }));
      await placeIs(buildId, { waitingReason: 'next', ahead: 0, ...room });
      expect(decodeMessage(await house.jobOf(buildId), Job)).toMatchObject({ labels: { arch: 'arm64' } });
    },
    LIMIT_MS,
  );

  it(
    'regards the request that the asker has seen, and is nobody’s guess before that',
    async () => {
      house.says(heartbeat('a3', { slots: 1 }));
      const buildId = randomUUID();
      const { position } = await house.request(buildId);
      expect(await placeOf(buildId, position)).toMatchObject({ ahead: 0 });
      expect(await placeOf(buildId, NEVER)).toBeNull();
      expect(await placeOf(randomUUID())).toBeNull();
    },
    LIMIT_MS,
  );
});
