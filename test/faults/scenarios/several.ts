import { setTimeout as pause } from 'node:timers/promises';
import { clusterIsWell } from '../../e2e/lib/cluster.js';
import { atWorkOn, isBuiltAndShown, tally, told } from '../lib/builds.js';
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
      await isBuiltAndShown(house, repository, { what: `a build without ${victim}` });
      await house.revive(victim);
    }
    say(told(await tally(house)));
  },
};

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
        await isBuiltAndShown(house, repositories[0] ?? '', { what: `a build without ${server}` });
        await pause(random.between(0, 1_000));
        await house.revive(server);
        await clusterIsWell(house.system.urls.nats);
      }
    });
    say(told(await tally(house)));
  },
};
