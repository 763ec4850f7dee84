import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../../tools/launcher/setup/ports.js';
import { assertHappened, tally, told } from '../lib/builds.js';
import { LONG_LEASE } from '../lib/fault-house.js';
import { atRest } from '../lib/inspect.js';
import type { Scenario } from '../lib/scenario.js';
import { startStutteringNats } from '../lib/stuttering-nats.js';

export const twice: Scenario = {
  name: 'twice',
  says: 'every message of NATS comes twice, late and overtaken by others: nothing is built twice, no line is lost or doubled',
  run: async ({ random, seconds, open, keep, say }) => {
    const [port = 0] = await freePorts(1);
    const nats = await keep(startStutteringNats(port, random));
    const house = await open({
      agents: 2,
      instances: { 'build-orchestrator': 2, repository: 2 },
      ports: { nats: port },
      env: {
        '*': { NATS_URL: nats.url, ...LONG_LEASE },
        'build-agent': { DUMMY_STEP_MS: '100', DUMMY_LINES: '200', AGENT_SLOTS: '4' },
      },
    });
    const repositories = [await house.createRepository('one'), await house.createRepository('two')];
    await house.load.during(repositories, 3, () => pause(seconds({ short: 5, full: 30 }) * 1_000));
    await atRest(house);
    const counted = await tally(house);
    const { published, delivered, redelivered } = nats.count;
    say(
      `${told(counted)}; ${published} messages published and ${delivered} delivered twice, ${redelivered} delivered anew`,
    );
    assertHappened('no message came twice', Math.min(published, delivered, redelivered) > counted.builds);
    // A build that has a second attempt was built twice.
    if (counted.lost > 0) throw new Error(`${counted.lost} attempts were lost though every agent was there`);
  },
};
