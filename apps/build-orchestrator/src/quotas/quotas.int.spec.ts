import { randomUUID } from 'node:crypto';
import { querySubjects, QuotaView } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { House, ScriptedAgent } from '../orchestrator.fixtures.js';

const LIMIT_MS = 40_000;
let house: House;
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  house = await House.open();
}, LIMIT_MS);
afterEach(async () => {
  await stop?.();
  await house.close();
}, LIMIT_MS);

const fail = async (agent: ScriptedAgent): Promise<void> => {
  await agent.fail(1, 0);
  await house.ended(agent.lease.buildId);
};
const quota = (): Promise<QuotaView> =>
  request(house.nats, querySubjects.quota, { namespace: 'alauda' }, { reply: QuotaView });

/** Asks for as many builds at once; answers those that were taken. */
async function requestAtOnce(
  count: number,
): Promise<{ readonly taken: readonly string[]; readonly refusals: unknown[] }> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const results = await Promise.allSettled(ids.map((id) => house.request(id)));
  return {
    taken: ids.filter((_, index) => results[index]?.status === 'fulfilled'),
    refusals: results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : [])),
  };
}

describe('the quota of queued builds', () => {
  it(
    'is exact however many come at once, gives room again when one starts, and survives a restart',
    async () => {
      stop = await house.orchestrator({ QUOTA_QUEUED_BUILDS: '10' });
      const { taken, refusals } = await requestAtOnce(100);
      expect([taken.length, refusals.length]).toEqual([10, 90]);
      const details = { quota: 'queued_builds', limit: 10, retryAfterS: expect.any(Number) };
      for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'QUOTA_EXCEEDED', details });
      expect(refusals[0]).toBeInstanceOf(AppError);

      expect(await quota()).toEqual({
        namespace: 'alauda',
        queued_builds: { limit: 10, is_overridden: false, used: 10 },
        running_builds: { limit: null, is_overridden: false, used: 0 },
        build_minutes: { limit: null, is_overridden: false, used: 0, resets_at: expect.any(String) },
        log_bytes: { limit: null, is_overridden: false, used: 0, resets_at: expect.any(String) },
      });

      const [first = '', second = ''] = taken;
      expect((await house.request(first)).events).toMatchObject([{ event: { type: 'BuildRequested' } }]);

      await new ScriptedAgent(house.nats, first).claim();
      await until(async () => (await requestAtOnce(1)).taken.length === 1, { limitMs: 10_000, what: 'room for one' });
      expect((await requestAtOnce(3)).taken).toEqual([]);

      await stop();
      stop = await house.orchestrator({ QUOTA_QUEUED_BUILDS: '10' });
      expect((await requestAtOnce(3)).taken).toEqual([]);
      await fail(await claimed(second));
      await until(async () => (await requestAtOnce(1)).taken.length === 1, { limitMs: 10_000, what: 'room for one' });
    },
    LIMIT_MS,
  );
});

async function claimed(buildId: string): Promise<ScriptedAgent> {
  const agent = new ScriptedAgent(house.nats, buildId);
  expect(await agent.claim()).toMatchObject({ answer: 'granted' });
  return agent;
}

describe('the quota of running builds', () => {
  it(
    'lets no more run at once, and all of them in the end',
    async () => {
      stop = await house.orchestrator({ QUOTA_RUNNING_BUILDS: '2' });
      let waiting = (await requestAtOnce(5)).taken;
      const running = new Set<string>();
      let most = 0;
      while (waiting.length > 0) {
        const agents = waiting.map((buildId) => new ScriptedAgent(house.nats, buildId));
        const answers = await Promise.all(agents.map((agent) => agent.claim()));
        const started = agents.filter((_, index) => answers[index]?.answer === 'granted');
        expect(new Set(answers.map(({ answer }) => answer))).not.toContain('over');
        for (const { lease } of started) running.add(lease.buildId);
        most = Math.max(most, running.size);
        expect(running.size).toBeLessThanOrEqual(2);
        for (const agent of started) {
          running.delete(agent.lease.buildId);
          await fail(agent);
        }
        waiting = waiting.filter((buildId) => !started.some(({ lease }) => lease.buildId === buildId));
      }
      expect(most).toBe(2);
    },
    LIMIT_MS,
  );

  it(
    'offers no build that has to wait, and offers it at once when a place is free; its own agent may ask twice',
    async () => {
      stop = await house.orchestrator({ QUOTA_RUNNING_BUILDS: '1' });
      const [first = '', second = ''] = (await requestAtOnce(2)).taken;
      await house.offered(first);
      const holder = await claimed(first);
      expect(await holder.claim()).toMatchObject({ answer: 'granted' });
      expect(await house.jobs()).toEqual([first]);
      expect(await new ScriptedAgent(house.nats, second).claim()).toEqual({ answer: 'held' });
      await fail(holder);
      await house.jobOf(second);
      await claimed(second);
    },
    LIMIT_MS,
  );

  it(
    'is kept by two orchestrators that race',
    async () => {
      const limit = { QUOTA_RUNNING_BUILDS: '3' };
      const stops = await Promise.all([house.orchestrator(limit), house.orchestrator(limit)]);
      stop = async () => void (await Promise.all(stops.map((end) => end())));
      await requestAtOnce(12);
      for (let ended = 0; ended < 12;) {
        const offered = await until(async () => {
          const jobs = await house.jobs();
          return jobs.length > 0 ? jobs : undefined;
        });
        expect(offered.length).toBeLessThanOrEqual(3);
        const agents = offered.map((buildId) => new ScriptedAgent(house.nats, buildId));
        const answers = await Promise.all(agents.map((agent) => agent.claim()));
        const started = agents.filter((_, index) => answers[index]?.answer === 'granted');
        expect(started.length).toBeLessThanOrEqual(3);
        for (const agent of started) {
          await fail(agent);
          await house.settle(agent.lease.buildId);
        }
        ended += started.length;
      }
    },
    LIMIT_MS,
  );
});
