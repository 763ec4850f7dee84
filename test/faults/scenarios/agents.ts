import { setTimeout as pause } from 'node:timers/promises';
import { assertHappened, atWorkOn, tally, told } from '../lib/builds.js';
import { ACK_WAIT_MS } from '../lib/fault-house.js';
import { atRest } from '../lib/inspect.js';
import type { Scenario } from '../lib/scenario.js';

/** Builds that take as long as a lease, so that whoever is stopped has some. */
const SLOW = { 'build-agent': { DUMMY_STEP_MS: '1000', DUMMY_LINES: '60' } };

export const killedAgents: Scenario = {
  name: 'killed-agents',
  says: 'one agent after the other is killed in the middle of a build and comes back',
  run: async ({ random, rounds, open, say }) => {
    const house = await open({ agents: 3, env: SLOW });
    const repositories = [await house.createRepository('one')];
    const names = house.system.services.filter((name) => name.startsWith('build-agent'));
    await house.load.during(repositories, 1, async () => {
      const count = rounds({ short: 2, full: 6 });
      for (let round = 0; round < count; round++) {
        const name = names[round % names.length] ?? '';
        await atWorkOn(house, name.replace('build-', ''));
        await pause(random.between(0, 500));
        await house.kill(name);
        await pause(random.between(0, ACK_WAIT_MS * 2));
        await house.revive(name);
      }
    });
    await atRest(house); // a loss is recorded with the claim that follows it
    const counted = await tally(house);
    say(told(counted));
    assertHappened('no attempt was lost', counted.lost > 0);
  },
};

export const pausedAgent: Scenario = {
  name: 'paused-agent',
  says: 'an agent is stopped past its lease, wakes up, and says and pushes nothing of what it no longer has',
  run: async ({ random, rounds, open, say }) => {
    const house = await open({ agents: 2, env: SLOW });
    const repositories = [await house.createRepository('one')];
    await house.load.during(repositories, 0.7, async () => {
      const count = rounds({ short: 1, full: 4 });
      for (let round = 0; round < count; round++) {
        const number = random.between(1, 2);
        await atWorkOn(house, `agent-${number}`);
        house.pause(`build-agent-${number}`);
        await pause(ACK_WAIT_MS + random.between(1_000, ACK_WAIT_MS));
        house.resume(`build-agent-${number}`);
      }
    });
    await atRest(house); // a loss is recorded with the claim that follows it
    const counted = await tally(house);
    say(told(counted));
    assertHappened('no attempt was lost', counted.lost > 0);
  },
};
