import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startGitServer, until } from '@slipway/testing';
import { assertHappened, atWorkOn, tally, told } from '../lib/builds.js';
import { LONG_LEASE } from '../lib/fault-house.js';
import { asksInVain } from '../lib/refusal.js';
import { atRest } from '../lib/inspect.js';
import type { Scenario } from '../lib/scenario.js';
import { openSmallDisk } from '../lib/small-disk.js';

const MIB = 1_048_576;
const LIMITS = { limitMs: 90_000, everyMs: 250 };

export const diskFull: Scenario = {
  name: 'disk-full',
  says: "an agent's disk and then the event store's are full while builds run: builds go elsewhere, writes are told to come later",
  run: async ({ random, rounds, seconds, open, keep, say }) => {
    const [ofAgent, ofStore] = [await keep(openSmallDisk(24)), await keep(openSmallDisk(48))];
    const git = await startGitServer();
    await keep({ close: () => git.stop() });
    const { cloneUrl } = await git.createRepository('large', { 'large.bin': randomBytes(2 * MIB) });
    const house = await open({
      agents: 2,
      env: {
        '*': LONG_LEASE,
        // No floor: it takes jobs as long as it can, and they meet the full disk.
        'build-agent': { SOURCE: 'git', DUMMY_STEP_MS: '300', DUMMY_LINES: '60', DISK_FLOOR_BYTES: '0' },
        'build-agent-1': { AGENT_STATE_DIR: join(ofAgent.path, 'agent-1') },
        'event-store': { EVENT_STORE_FILE: join(ofStore.path, 'events.sqlite') },
      },
    });
    const repository = await house.createRepository('large', cloneUrl);
    await house.load.during([repository], 1, async () => {
      const count = rounds({ short: 1, full: 4 });
      for (let round = 0; round < count; round++) {
        await atWorkOn(house, 'agent-1');
        const { lost } = await tally(house);
        const leave = random.between(0, MIB);
        const isGivenBack = async (): Promise<boolean> => {
          ofAgent.fill(leave); // again: what a build that ends leaves is room for the next one
          return (await tally(house)).lost > lost;
        };
        await until(isGivenBack, { ...LIMITS, what: 'a build that is given back' });
        ofAgent.empty();
      }
      await atWorkOn(house, 'agent-2');
      ofStore.fill();
      await until(() => asksInVain(house, repository), { ...LIMITS, what: 'the refusal without room for events' });
      await pause(seconds({ short: 2, full: 15 }) * 1_000);
      const { status } = await house.client.call('/v1/builds?namespace=faults');
      assertHappened(`a list was answered with ${status} without room for events`, status === 200);
      assertHappened('a build was taken without room for events', await asksInVain(house, repository));
      ofStore.empty();
    });
    await atRest(house);
    const counted = await tally(house);
    say(told(counted));
    if (counted.failed > 0) throw new Error(`${counted.failed} builds failed because a disk was full`);
  },
};
