import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../../tools/launcher/setup/ports.js';
import { tally, told } from '../lib/builds.js';
import type { Random } from '../lib/random.js';
import type { Scenario, World } from '../lib/scenario.js';
import { startTcpProxy, type TcpProxy } from '../lib/tcp-proxy.js';

const NATS_USERS = [
  'repository',
  'build-orchestrator',
  'build-orchestrator-2',
  'projections',
  'gateway',
  'build-agent-1',
  'build-agent-2',
];
const STORE_USERS = ['repository', 'build-orchestrator', 'build-orchestrator-2', 'projections', 'notifier'];

export const badNetwork: Scenario = {
  name: 'bad-network',
  says: 'connections to NATS and the event store are cut, slowed down and left half open, one service at a time',
  run: async ({ random, rounds, open, keep, say }) => {
    const [nats = 0, eventStore = 0] = await freePorts(2);
    const toNats = await proxiesTo(nats, NATS_USERS, keep);
    const toStore = await proxiesTo(eventStore, STORE_USERS, keep);
    const env = Object.fromEntries(
      [...NATS_USERS, 'notifier'].map((service) => [
        service,
        {
          ...address('NATS_URL', toNats.get(service), (port) => `nats://127.0.0.1:${port}`),
          ...address('EVENTSTORE_URL', toStore.get(service), (port) => `esdb://127.0.0.1:${port}?tls=false`),
        },
      ]),
    );
    const house = await open({
      agents: 2,
      instances: { 'build-orchestrator': 2 },
      ports: { nats, eventStore },
      env: { ...env, 'build-agent': { DUMMY_STEP_MS: '200', DUMMY_LINES: '60' } },
    });
    const repositories = [await house.createRepository('one')];
    const proxies = [...toNats.values(), ...toStore.values()];
    const did = new Map<string, number>();
    await house.load.during(repositories, 2, async () => {
      const count = rounds({ short: 4, full: 20 });
      for (let round = 0; round < count; round++) {
        const kind = await disturb(random.oneOf(proxies), random);
        did.set(kind, (did.get(kind) ?? 0) + 1);
        await pause(random.between(0, 500));
      }
    });
    say(`${[...did].map(([kind, times]) => `${times} ${kind}`).join(', ')}; ${told(await tally(house))}`);
  },
};

async function proxiesTo(
  port: number,
  users: readonly string[],
  keep: World['keep'],
): Promise<ReadonlyMap<string, TcpProxy>> {
  const proxies = new Map<string, TcpProxy>();
  for (const user of users) proxies.set(user, await keep(startTcpProxy(port)));
  return proxies;
}

const address = (variable: string, proxy: TcpProxy | undefined, url: (port: number) => string) =>
  proxy === undefined ? {} : { [variable]: url(proxy.port) };

/** Answers what was done. */
async function disturb(proxy: TcpProxy, random: Random): Promise<string> {
  const kind = random.oneOf(['cut', 'half open', 'slow'] as const);
  if (kind === 'cut') proxy.cut();
  else if (kind === 'half open') proxy.silence();
  else proxy.delay(random.between(20, 400));
  await pause(random.between(200, 5_000));
  proxy.heal();
  return kind;
}
