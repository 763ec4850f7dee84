import { assertHappened, tally, told } from '../lib/builds.js';
import { LONG_LEASE } from '../lib/fault-house.js';
import { atRest } from '../lib/inspect.js';
import type { Scenario } from '../lib/scenario.js';

/** What the agents of this scenario can do on two cores, builds a second; a faster machine does more of the five times. */
const CAPACITY = 8;
/** Builds that may wait, and writes a minute: both limits are met, and the wait at the end is bounded. */
const QUEUED = 150;
const WRITES = 1_500;

export const fiveTimesLoad: Scenario = {
  name: 'five-times-load',
  says: 'five times as many builds are asked for as can be made: each is accepted and made, or told to come later',
  run: async ({ seconds: secondsOf, open, say }) => {
    const house = await open({
      agents: 2,
      env: {
        '*': LONG_LEASE,
        'build-agent': { DUMMY_STEP_MS: '100', DUMMY_LINES: '200', AGENT_SLOTS: '4' },
        'build-orchestrator': { QUOTA_QUEUED_BUILDS: String(QUEUED) },
        gateway: { RATE_LIMIT_WRITES: String(WRITES) },
      },
    });
    const repositories = [await house.createRepository('one'), await house.createRepository('two')];
    const seconds = secondsOf({ short: 10, full: 60 });
    const refused = await house.load.flood(repositories, { perSecond: CAPACITY * 5, seconds });
    await atRest(house);
    const counted = await tally(house);
    const accepted = house.load.asked.length - refused;
    say(`${house.load.asked.length} asked for in ${seconds} s, ${refused} told to come later; ${told(counted)}`);
    assertHappened('nobody was told to come later', refused > 0);
    if (counted.builds !== accepted || counted.succeeded !== accepted)
      throw new Error(`${accepted} accepted, ${counted.builds} builds, ${counted.succeeded} succeeded`);
  },
};
