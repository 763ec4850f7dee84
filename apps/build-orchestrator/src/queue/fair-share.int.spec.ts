import { jetstreamManager } from '@nats-io/jetstream';
import { STREAMS } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { createRepository, House, ScriptedAgent, tellRepository } from '../orchestrator.fixtures.js';

const LIMIT_MS = 60_000;
const SLOTS = 4;
const WINDOW = SLOTS + 1; // and a quarter

/** Two orchestrators, and one agent with four slots. */
describe('the builds of two namespaces', () => {
  let house: House;
  let stops: (() => Promise<void>)[];
  beforeEach(async () => {
    house = await House.open({ slots: SLOTS });
    await tellRepository(house.store, createRepository('test', 'bob'));
    stops = [await house.orchestrator(), await house.orchestrator()];
  }, LIMIT_MS);
  afterEach(async () => {
    for (const stop of stops) await stop();
    await house.close();
  }, LIMIT_MS);

  const offered = (count: number): Promise<readonly string[]> =>
    until(async () => {
      const jobs = await house.jobs();
      return jobs.length === count ? jobs : undefined;
    });
  const run = async (buildId: string): Promise<ScriptedAgent> => {
    const agent = new ScriptedAgent(house.nats, buildId);
    expect(await agent.claim()).toMatchObject({ answer: 'granted' });
    return agent;
  };
  const end = async (agent: ScriptedAgent): Promise<void> => {
    await agent.fail(1, 0);
    await house.ended(agent.lease.buildId);
    await house.settle(agent.lease.buildId);
  };

  it(
    'take turns: one build is next, however many another namespace has waiting',
    async () => {
      const many = await Promise.all(Array.from({ length: 50 }, () => house.requested()));
      const first = await offered(WINDOW);
      const running = await Promise.all(first.slice(0, SLOTS).map(run));
      const one = await house.requested({ namespace: 'bob' });
      expect(await house.jobs()).not.toContain(one);
      for (const agent of running.slice(0, 2)) await end(agent);
      await until(async () => (await house.jobs()).includes(one));
      expect((await house.jobs()).filter((id) => many.includes(id)).length).toBeLessThanOrEqual(WINDOW + 1);
    },
    LIMIT_MS,
  );

  it(
    'are offered as before by an orchestrator that starts, and after the queue was wiped, and no more of them',
    async () => {
      await Promise.all(Array.from({ length: 20 }, () => house.requested()));
      const before = new Set(await offered(WINDOW));
      await run([...before][0] ?? '');
      const [first] = stops;
      await first?.();
      stops = [...stops.slice(1), await house.orchestrator()];
      await (await jetstreamManager(house.nats)).streams.delete(STREAMS.queue);
      const after = await until(
        async () => {
          const jobs = await house.jobs().catch(() => []);
          return jobs.length >= WINDOW ? jobs : undefined;
        },
        { limitMs: 20_000 },
      );
      expect(new Set(after)).toEqual(before);
    },
    LIMIT_MS,
  );

  it(
    'are ordered by priority within a namespace',
    async () => {
      await Promise.all(Array.from({ length: 10 }, () => house.requested()));
      const [first = ''] = await offered(WINDOW);
      const low = await house.requested({ priority: 0 });
      const high = await house.requested({ priority: 9 });
      const agents = await Promise.all((await house.jobs()).filter((id) => id !== first).map(run));
      for (const agent of agents) await end(agent);
      await until(async () => (await house.jobs()).includes(high));
      expect(await house.jobs()).not.toContain(low);
    },
    LIMIT_MS,
  );
});
