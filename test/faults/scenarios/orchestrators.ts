import { setTimeout as pause } from 'node:timers/promises';
import { tally, told } from '../lib/builds.js';
import type { Scenario } from '../lib/scenario.js';

export const racingOrchestrators: Scenario = {
  name: 'racing-orchestrators',
  says: 'two orchestrators share every lane and every relay, and each is killed and paused in turn',
  run: async ({ random, rounds, open, say }) => {
    const house = await open({
      agents: 2,
      instances: { 'build-orchestrator': 2 },
      env: { 'build-agent': { DUMMY_STEP_MS: '100', DUMMY_LINES: '200', AGENT_SLOTS: '4' } },
    });
    const repositories = [await house.createRepository('one'), await house.createRepository('two')];
    await house.load.during(repositories, 6, async () => {
      const count = rounds({ short: 2, full: 6 });
      for (let round = 0; round < count; round++) {
        const name = round % 2 === 0 ? 'build-orchestrator' : 'build-orchestrator-2';
        await pause(random.between(1_000, 2_500));
        if (random.next() < 0.5) {
          await house.kill(name);
          await house.revive(name);
        } else {
          house.pause(name);
          await pause(random.between(500, 4_000));
          house.resume(name);
        }
      }
    });
    say(told(await tally(house)));
  },
};
