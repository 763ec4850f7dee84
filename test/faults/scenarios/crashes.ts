import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../lib/scenario.js';

/** So many are away at once at most: with all of them away nothing happens that could go wrong. */
const MAX_AWAY = 3;

/** SIGKILL to anything at any time: all services, nats-server and the event store. */
export const crashes: Scenario = {
  name: 'crashes',
  says: 'SIGKILL at random points over everything there is, several at once, while builds are asked for',
  run: async ({ random, pick, rounds: roundsOf, open, say }) => {
    const house = await open({ agents: 3, env: { 'build-agent': { DUMMY_STEP_MS: '150', DUMMY_LINES: '60' } } });
    const repositories = [await house.createRepository('one'), await house.createRepository('two')];
    const load = house.load.start(repositories, pick({ short: 2, full: 4 }));
    const away = new Map<string, Promise<unknown>>();
    const rounds = roundsOf({ short: 6, full: 50 });
    for (let round = 1; round <= rounds; round++) {
      await pause(random.between(50, 500));
      if (away.size >= MAX_AWAY) await Promise.race(away.values());
      const victim = random.oneOf(house.system.services.filter((name) => !away.has(name)));
      await house.kill(victim);
      const back = pause(random.between(0, 1_500)).then(() => house.revive(victim));
      away.set(
        victim,
        back.finally(() => away.delete(victim)),
      );
    }
    await Promise.all(away.values());
    await load.stop();
    say(`${rounds} kills, ${house.load.asked.length} builds asked for`);
  },
};
