import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@slipway/testing';
import { BuildView } from '@slipway/contracts';
import { atWorkOn, tally, told } from '../lib/builds.js';
import type { FaultHouse } from '../lib/fault-house.js';
import type { Scenario } from '../lib/scenario.js';

const QUICK = { 'build-agent': { DUMMY_STEP_MS: '100', DUMMY_LINES: '60' } };

export const severalOfEverything: Scenario = {
  name: 'several-of-everything',
  says: 'two of each service: while either is away, builds are taken, made and shown',
  run: async ({ random, rounds, open, say }) => {
    const services = ['gateway', 'repository', 'build-orchestrator', 'projections', 'notifier'] as const;
    const instances = Object.fromEntries(services.map((name) => [name, 2]));
    const house = await open({ agents: 2, instances, env: QUICK });
    const repository = await house.createRepository('one');
    const count = rounds({ short: 2, full: 5 });
    for (let round = 0; round < count; round++) {
      const service = services[round % services.length] ?? 'projections';
      const victim = random.oneOf([service, `${service}-2`]);
      await house.kill(victim);
      await isBuiltAndShown(house, repository, victim);
      await house.revive(victim);
    }
    say(told(await tally(house)));
  },
};

/** While a service is away. */
export async function isBuiltAndShown({ load, client }: FaultHouse, repository: string, away: string): Promise<void> {
  const buildId = await load.ask(repository);
  const isShown = async (): Promise<boolean> => {
    const { body } = await client.call(`/v1/builds/${buildId}`);
    return BuildView.safeParse(body).data?.status === 'S';
  };
  await until(isShown, { limitMs: 60_000, everyMs: 100, what: `a build without ${away}` });
}

export const natsCluster: Scenario = {
  name: 'nats-cluster',
  says: 'three nats-servers with three copies of every stream: one after the other is killed and comes back',
  run: async ({ random, rounds, open, say }) => {
    const house = await open({ agents: 2, natsServers: 3, env: QUICK });
    const repositories = [await house.createRepository('one')];
    await house.load.during(repositories, 1, async () => {
      const count = rounds({ short: 1, full: 3 });
      for (let round = 0; round < count; round++) {
        const server = `nats-${1 + (round % 3)}`;
        await atWorkOn(house, 'agent-1');
        await house.kill(server);
        await isBuiltAndShown(house, repositories[0] ?? '', server);
        await pause(random.between(0, 1_000));
        await house.revive(server);
        await pause(2_000); // the copies of the streams catch up
      }
    });
    say(told(await tally(house)));
  },
};
