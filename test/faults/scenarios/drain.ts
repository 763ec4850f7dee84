import { setTimeout as pause } from 'node:timers/promises';
import { AgentView } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { z } from 'zod';
import { assertHappened, atWorkOn, tally, told } from '../lib/builds.js';
import { LONG_LEASE, type FaultHouse } from '../lib/fault-house.js';
import { atRest } from '../lib/inspect.js';
import type { Scenario } from '../lib/scenario.js';

const AGENTS = ['agent-1', 'agent-2', 'agent-3'] as const;
/** Longer than a build, or much shorter: then what it has is given back. */
const GRACES_MS = { 'agent-1': '60000', 'agent-2': '300', 'agent-3': '60000' } as const;
const LIMITS = { limitMs: 90_000, everyMs: 250 };

export const drainUnderLoad: Scenario = {
  name: 'drain-under-load',
  says: 'agents are taken out of service by the API and by SIGTERM while builds run and wait: each ends with 0, no build is lost',
  run: async ({ random, rounds, open, say }) => {
    const graces = Object.fromEntries(AGENTS.map((id) => [`build-${id}`, { DRAIN_GRACE_MS: GRACES_MS[id] }]));
    const slow = { DUMMY_STEP_MS: '500', DUMMY_LINES: '60' };
    const house = await open({ agents: AGENTS.length, env: { ...graces, 'build-agent': slow, '*': LONG_LEASE } });
    const repository = await house.createRepository('one');
    await house.load.during([repository], 2, async () => {
      const count = rounds({ short: 3, full: 9 });
      for (let round = 0; round < count; round++) {
        const id = AGENTS[(round + 1) % AGENTS.length] ?? 'agent-2';
        await atWorkOn(house, id);
        await pause(random.between(0, 500));
        if (round % 2 === 0) await stopAndStart(house, id);
        else await drainAndStop(house, id);
      }
    });
    await atRest(house);
    const counted = await tally(house);
    say(told(counted));
    assertHappened('nothing was given back', counted.lost > 0);
    if (counted.failed > 0) throw new Error(`${counted.failed} builds failed because agents were taken out of service`);
  },
};

async function stopAndStart(house: FaultHouse, id: string): Promise<void> {
  const code = await house.terminate(`build-${id}`);
  if (code !== 0) throw new Error(`${id} ended with ${code} when it was asked to stop`);
  await house.revive(`build-${id}`);
}

/** By the API until it has nothing left; it stays out of service in its next life, until it is put back. */
async function drainAndStop(house: FaultHouse, id: string): Promise<void> {
  await setDraining(house, id, 'POST');
  await agentWhen(house, id, ({ state, builds }) => state === 'draining' && builds.length === 0);
  await stopAndStart(house, id);
  await agentWhen(house, id, ({ state }) => state === 'draining');
  await setDraining(house, id, 'DELETE');
  await agentWhen(house, id, ({ state, builds }) => state === 'ready' && builds.length > 0);
}

const setDraining = ({ client }: FaultHouse, id: string, method: 'POST' | 'DELETE'): Promise<boolean> =>
  until(async () => (await client.call(`/v1/agents/${id}/drain`, { method })).status === 200, {
    ...LIMITS,
    what: `${method} of the drain of ${id}`,
  });

const Agents = z.object({ results: z.array(AgentView) });

const agentWhen = ({ client }: FaultHouse, id: string, isIt: (agent: AgentView) => boolean): Promise<boolean> => {
  const look = async (): Promise<boolean> =>
    Agents.parse((await client.call('/v1/agents')).body).results.some((agent) => agent.id === id && isIt(agent));
  return until(look, { ...LIMITS, what: `the next state of ${id}` });
};
