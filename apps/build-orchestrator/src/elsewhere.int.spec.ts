import { until } from '@slipway/testing';
import { heartbeat } from './agents/agents.fixtures.js';
import { House, ScriptedAgent } from './orchestrator.fixtures.js';

const LIMIT_MS = 60_000;
/** So long that nothing in here comes again by itself, ms. */
const ACK_WAIT_MS = '50000';

/** Agents `a1` and, where a test says so, `a2`; an orchestrator. */
describe('a build that its agent gives back', () => {
  let house: House;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    house = await House.open();
    stop = await house.orchestrator({ ACK_WAIT_MS });
  }, LIMIT_MS);
  afterEach(async () => {
    await stop();
    await house.close();
  }, LIMIT_MS);

  const claimed = async (agentId: string, buildId: string): Promise<ScriptedAgent> => {
    await house.jobOf(buildId); // which nobody answers any more
    const agent = new ScriptedAgent(house.nats, buildId, agentId);
    expect(await agent.claim()).toMatchObject({ answer: 'granted' });
    return agent;
  };
  const lost = (buildId: string, count: number) =>
    until(
      async () => {
        const events = (await house.events(buildId)).filter(({ type }) => type === 'AttemptLost');
        return events.length === count ? events : undefined;
      },
      { what: 'the loss' },
    );

  it(
    'is offered again at once, and goes to another agent; the first one is told to leave it',
    async () => {
      const agents = [house.says(heartbeat('a2'))];
      const buildId = await house.requested();
      const first = await claimed('a1', buildId);
      await first.log(1, 1, 2);
      await first.giveBack(1, 2);
      const [event] = await lost(buildId, 1);
      expect(event).toMatchObject({ data: { attempt: 1, why: 'ENGINE_UNAVAILABLE: no answer' } });
      expect(await first.renew()).toEqual({ lease: 'stale' });

      await house.jobOf(buildId);
      expect(await new ScriptedAgent(house.nats, buildId, 'a1').claim()).toEqual({ answer: 'held' });
      const second = await claimed('a2', buildId); // it went round, long before it would have come by itself
      await second.publish();
      await second.succeed(2, 0);
      expect(await house.ended(buildId)).toMatchObject({ type: 'BuildSucceeded', data: { attempt: 2, logLines: 2 } });
      for (const fallSilent of agents) fallSilent();
    },
    LIMIT_MS,
  );

  it.each([
    ['there is no other', []],
    ['the other one takes no jobs', [heartbeat('a2', { pausedBy: ['disk'] })]],
    ['the other one builds elsewhere', [heartbeat('a2', { buildNodes: ['cn'] })]],
  ])(
    'may be taken again by the same one when %s',
    async (_, others) => {
      for (const other of others) house.says(other);
      const buildId = await house.requested();
      const first = await claimed('a1', buildId);
      await first.giveBack(1, 0);
      await lost(buildId, 1);
      const again = new ScriptedAgent(house.nats, buildId, 'a1');
      expect(await again.claim()).toMatchObject({ answer: 'granted', attempt: 2 });
    },
    LIMIT_MS,
  );

  it(
    'fails after three attempts, and says what became of each',
    async () => {
      for (const agentId of ['a2', 'a3']) house.says(heartbeat(agentId));
      const buildId = await house.requested();
      for (const attempt of [1, 2, 3]) await (await claimed(`a${attempt}`, buildId)).giveBack(attempt, 0);
      const reasons = [1, 2, 3].map((attempt) => `attempt ${attempt} on a${attempt}: ENGINE_UNAVAILABLE: no answer`);
      expect(await house.ended(buildId)).toMatchObject({
        type: 'BuildFailed',
        data: { failure: { code: 'ATTEMPTS_EXHAUSTED', message: `3 attempts failed. ${reasons.join('; ')}` } },
      });
    },
    LIMIT_MS,
  );
});
