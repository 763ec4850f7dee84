import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { assertHappened, tally, told } from '../lib/builds.js';
import type { Random } from '../lib/random.js';
import type { Scenario } from '../lib/scenario.js';

const HOOK = fileURLToPath(new URL('../lib/shifted-clock.mjs', import.meta.url));
const HOUR_MS = 3_600_000;
const SERVICES = [
  'event-store',
  'repository',
  'build-orchestrator',
  'build-orchestrator-2',
  'projections',
  'notifier',
  'gateway',
  'build-agent-1',
  'build-agent-2',
];

/** An hour early, an hour late, or jumping between the two. */
function shiftedClock(random: Random) {
  const shifts = random.oneOf([[HOUR_MS], [-HOUR_MS], [0, HOUR_MS, -HOUR_MS], [-HOUR_MS, 0, HOUR_MS]]);
  return {
    NODE_OPTIONS: `--import ${HOOK}`,
    CLOCK_SHIFTS_MS: shifts.join(','),
    CLOCK_STEP_MS: String(random.between(4_000, 9_000)),
  };
}

export const shiftedClocks: Scenario = {
  name: 'shifted-clocks',
  says: 'the clock of each service is an hour early or late, or jumps, and an agent is killed meanwhile',
  run: async ({ random, pick, open, say }) => {
    const env = Object.fromEntries(SERVICES.map((name) => [name, shiftedClock(random)]));
    const instances = { 'build-orchestrator': 2 };
    const slow = { DUMMY_STEP_MS: '200', DUMMY_LINES: '60' };
    const house = await open({ agents: 2, instances, env: { ...env, 'build-agent': slow } });
    const repositories = [await house.createRepository('one')];
    await house.load.during(repositories, 2, async () => {
      await pause(pick({ short: 3_000, full: 10_000 }));
      await house.kill('build-agent-1');
      await pause(pick({ short: 1_000, full: 5_000 }));
      await house.revive('build-agent-1');
      await pause(pick({ short: 3_000, full: 10_000 }));
    });
    const counted = await tally(house);
    say(told(counted));
    assertHappened('no build succeeded', counted.succeeded > 0);
  },
};
