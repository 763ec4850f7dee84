import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres, until } from '@slipway/testing';
import { assertHappened, isBuiltAndShown, tally, told } from '../lib/builds.js';
import type { FaultHouse } from '../lib/fault-house.js';
import type { Scenario } from '../lib/scenario.js';

/** What is promised is 15 s; the machine of a test may be busy. */
const TAKEOVER = { limitMs: 30_000, everyMs: 100 };
const SERVICES = ['projections', 'notifier'] as const;

export const standby: Scenario = {
  name: 'standby',
  says: 'two projections and two notifiers over PostgreSQL: the active one is killed, or stopped and wakes up, and never are two active',
  run: async ({ rounds, open, keep, say }) => {
    const postgres = await startPostgres();
    await keep({ close: postgres.stop });
    const house = await open({
      agents: 2,
      instances: { projections: 2, notifier: 2 },
      servers: { database: postgres.url },
      env: { 'build-agent': { DUMMY_STEP_MS: '100', DUMMY_LINES: '60' } },
    });
    const repository = await house.createRepository('one');
    const count = rounds({ short: 1, full: 3 });
    const took: number[] = [];
    await house.load.during([repository], 2, async () => {
      for (let round = 0; round < count; round++)
        for (const service of SERVICES) {
          await killActive(house, { service, repository });
          took.push(await pauseActive(house, { service, repository }));
        }
    });
    say(`${told(await tally(house))}; after a pause taken over within ${Math.round(Math.max(...took) / 1_000)} s`);
  },
};

interface Turn {
  readonly service: string;
  readonly repository: string;
}

async function killActive(house: FaultHouse, { service, repository }: Turn): Promise<void> {
  const [active, other] = await activeFirst(house, service);
  await house.kill(active);
  await until(async () => (await roleOf(house, other)) === 'active', TAKEOVER);
  await isBuiltAndShown(house, repository, { what: `a build without ${active}` });
  await house.revive(active);
  await until(async () => (await roleOf(house, active)) === 'standby', TAKEOVER);
}

/** Answers how long it took, ms. */
async function pauseActive(house: FaultHouse, { service, repository }: Turn): Promise<number> {
  const [active, other] = await activeFirst(house, service);
  house.pause(active);
  const pausedAt = performance.now();
  await until(async () => (await roleOf(house, other)) === 'active', TAKEOVER);
  const tookMs = performance.now() - pausedAt;
  await isBuiltAndShown(house, repository, { what: `a build without ${active}` });
  house.resume(active);
  await until(async () => (await roleOf(house, active)) === 'standby', TAKEOVER);
  assertHappened(`${active} took over again`, (await roleOf(house, other)) === 'active');
  return tookMs;
}

async function activeFirst(house: FaultHouse, service: string): Promise<readonly [string, string]> {
  const names = [service, `${service}-2`] as const;
  const roles = await Promise.all(names.map((name) => roleOf(house, name)));
  assertHappened(`${service} are ${roles.join(' and ')}`, roles.includes('active') && roles.includes('standby'));
  return roles[0] === 'active' ? names : [names[1], names[0]];
}

async function roleOf({ system }: FaultHouse, name: string): Promise<string | undefined> {
  const log = readFileSync(join(system.stateDir, 'log', `${name}.log`), 'utf8');
  const port = [...log.matchAll(/"healthPort":(\d+)/g)].at(-1)?.[1];
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return ((await response.json()) as { role?: string }).role;
}
