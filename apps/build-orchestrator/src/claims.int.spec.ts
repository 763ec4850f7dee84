import { House, ScriptedAgent } from './orchestrator.fixtures.js';

const LIMIT_MS = 60_000;
let house: House;
let stop: () => Promise<void>;

beforeAll(async () => {
  house = await House.open();
  stop = await house.orchestrator();
}, LIMIT_MS);
afterAll(async () => {
  await stop();
  await house.close();
}, LIMIT_MS);

/** The event store answers nobody meanwhile. */
async function whileStoreSleeps(work: () => Promise<void>): Promise<void> {
  process.kill(house.eventStoreServer.pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(house.eventStoreServer.pid, 'SIGCONT');
  }
}

describe('a claim', () => {
  it(
    'records no lease for an agent that has given up waiting: the next one has the first attempt',
    async () => {
      const buildId = await house.requested();
      const gone = new ScriptedAgent(house.nats, buildId);
      await whileStoreSleeps(() => expect(gone.claim(1_000)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));
      const next = new ScriptedAgent(house.nats, buildId, 'a2');
      expect(await next.claim()).toMatchObject({ answer: 'granted', attempt: 1 });
      expect(await house.types(buildId)).toEqual(['BuildRequested', 'AttemptLeased']);
      await next.fail(1, 0);
      await house.ended(buildId);
    },
    LIMIT_MS,
  );

  it(
    'that is asked again while its answer takes long is one claim and one attempt',
    async () => {
      const buildId = await house.requested();
      const agent = new ScriptedAgent(house.nats, buildId);
      let second: ReturnType<typeof agent.claim> | undefined;
      await whileStoreSleeps(async () => {
        await expect(agent.claim(1_000)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
        second = agent.claim(30_000);
        await house.nats.flush();
      });
      expect(await second).toMatchObject({ answer: 'granted', attempt: 1 });
      expect(await agent.claim()).toMatchObject({ answer: 'granted', attempt: 1 });
      expect(await house.types(buildId)).toEqual(['BuildRequested', 'AttemptLeased']);
      await agent.fail(1, 0);
      await house.ended(buildId);
    },
    LIMIT_MS,
  );

  it(
    'of an agent that does not suit is refused: neither the build nor the log of its holder is taken away',
    async () => {
      const buildId = await house.requested();
      const stranger = { buildNodes: ['out'], labels: {}, networkPolicies: ['full' as const] };
      const refused = () =>
        expect(new ScriptedAgent(house.nats, buildId, 'a3', stranger).claim()).rejects.toMatchObject({
          code: 'AGENT_UNSUITED',
        });
      await refused();
      const holder = new ScriptedAgent(house.nats, buildId, 'a2', { ...stranger, buildNodes: ['in'] });
      expect(await holder.claim()).toMatchObject({ answer: 'granted', attempt: 1 });
      await refused(); // though nobody answers for the holder
      await holder.log(1, 1, 1);
      await holder.fail(1, 1);
      expect(await house.ended(buildId)).toMatchObject({ data: { attempt: 1, logLines: 1 } });
    },
    LIMIT_MS,
  );

  it(
    'that is heard after its lease was lost takes the build from nobody',
    async () => {
      const buildId = await house.requested();
      const [late, holder] = ['a1', 'a2'].map((agentId) => new ScriptedAgent(house.nats, buildId, agentId));
      expect(await late?.claim()).toMatchObject({ attempt: 1 });
      expect(await holder?.claim()).toMatchObject({ answer: 'granted', attempt: 2 });
      expect(await late?.claim()).toEqual({ answer: 'held' }); // though nobody answers for the holder
      await holder?.log(2, 1, 1); // not fenced off either
      await holder?.fail(2, 1);
      expect(await house.ended(buildId)).toMatchObject({ data: { attempt: 2, logLines: 1 } });
    },
    LIMIT_MS,
  );
});
