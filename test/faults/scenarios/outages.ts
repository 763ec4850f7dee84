import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@slipway/testing';
import { assertHappened, atWorkOn, tally, told } from '../lib/builds.js';
import type { FaultHouse } from '../lib/fault-house.js';
import type { Scenario } from '../lib/scenario.js';

/** What decisions need. */
const STORES = ['nats', 'event-store'] as const;
const LIMITS = { limitMs: 30_000, everyMs: 250 };

export const outages: Scenario = {
  name: 'outages',
  says: 'NATS, and in another house the event store, is away for a minute: reads go on, writes are told to come later',
  run: async ({ pick, open, say }) => {
    const houses: (readonly [FaultHouse, (typeof STORES)[number]])[] = [];
    for (const store of STORES)
      houses.push([
        await open({ agents: 1, env: { 'build-agent': { DUMMY_STEP_MS: '300', DUMMY_LINES: '60' } } }),
        store,
      ]);
    const awayMs = pick({ short: 5_000, full: 60_000 });
    const said = await Promise.all(houses.map(([house, store]) => outage(house, store, awayMs)));
    say(said.join('; '));
  },
};

async function outage(house: FaultHouse, store: string, awayMs: number): Promise<string> {
  const repository = await house.createRepository('one');
  await house.load.during([repository], 1, async () => {
    await atWorkOn(house, 'agent-1');
    await house.kill(store);
    const backAt = performance.now() + awayMs;
    await until(() => isRefused(house, repository), { ...LIMITS, what: `the refusal without ${store}` });
    while (performance.now() < backAt) {
      const { status } = await house.client.call('/v1/builds?namespace=faults');
      assertHappened(`a list was answered with ${status} without ${store}`, status === 200);
      await pause(1_000);
    }
    assertHappened(`a build was taken without ${store}`, await isRefused(house, repository));
    await house.revive(store);
  });
  return `${store}: ${told(await tally(house))}`;
}

async function isRefused({ client }: FaultHouse, repository: string): Promise<boolean> {
  const [namespace, repo_name] = repository.split('/');
  const body = { namespace, repo_name, tag: 'latest' };
  return (await client.call('/v1/builds', { method: 'POST', body })).status === 503;
}
