import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '@slipway/testing';
import { ownAddresses, startCanary, type Canary } from './lib/canary.js';
import { startOtherMachine, type OtherMachine } from './lib/other-machine.js';
import { build, cleanUp, ownEngine, SLOW, tries } from './lib/steps.js';
import { stepsThatListen } from './lib/step-network.js';

async function call(address: string, port: number): Promise<void> {
  const socket = connect(port, address);
  await once(socket.resume(), 'close');
}

describe('a RUN that looks for other hosts', () => {
  let everywhere: Canary;
  let loopback: Canary;
  let other: OtherMachine | undefined;
  beforeAll(async () => {
    [everywhere, loopback] = await Promise.all([startCanary('0.0.0.0'), startCanary('127.0.0.1')]);
    if (process.env['SLIPWAY_ENGINE_CGROUP']) other = await startOtherMachine();
  });
  afterAll(async () => {
    await Promise.all([everywhere.stop(), loopback.stop(), cleanUp()]);
    other?.stop();
  });

  it(
    'does not find what listens on loopback, as the event store, NATS and the registry do',
    async () => {
      const places = ['127.0.0.1', ...ownAddresses()].map((address) => `${address}:${loopback.port}`);
      const { events } = await build(`RUN ${tries(places)}`);
      expect(events.output('stdout')).not.toContain('reached');
      expect(loopback.fired()).toBe(0);
      await call('127.0.0.1', loopback.port);
      expect(loopback.fired()).toBe(1); // it can
    },
    SLOW,
  );

  ownEngine(
    'does not find what listens on any address of the machine',
    async () => {
      const addresses = ownAddresses();
      const places = addresses.map((address) => `${address}:${everywhere.port}`);
      const { events } = await build(`RUN ${tries(places)}`);
      expect(events.output('stdout')).not.toContain('reached');
      expect(everywhere.fired()).toBe(0);
      const stillThere = ownAddresses().filter((address) => addresses.includes(address)); // other engines come and go
      for (const address of stillThere) await call(address, everywhere.port);
      expect(everywhere.fired()).toBe(stillThere.length); // it can, on each of them
      expect(stillThere).toContain('127.0.0.1');
    },
    SLOW,
  );

  ownEngine.each(['buildkit', 'classic'] as const)(
    'finds the internet, but no private network and no metadata of a cloud, with the %s builder',
    async (kind) => {
      const { port, publicAddress, privateAddresses, reached } = other!;
      const places = [publicAddress, ...privateAddresses].map((address) => `${address}:${port}`);
      const before = reached().length;
      const { events } = await build(`RUN ${tries(places)}`, { kind });
      expect(events.output('stdout')).toContain(`reached ${places[0]}`);
      expect(new Set(reached().slice(before))).toEqual(new Set([publicAddress]));
      for (const address of privateAddresses) await call(address, port);
      expect(reached()).toEqual(expect.arrayContaining([...privateAddresses])); // they answer others
    },
    SLOW,
  );

  ownEngine.each(['buildkit', 'classic'] as const)(
    'finds nothing at all with the policy `none`, with the %s builder',
    async (kind) => {
      const { port, publicAddress, reached } = other!;
      const before = reached().length;
      const place = `${publicAddress}:${port}`;
      const run = `RUN ${tries([place])}; ls /sys/class/net`;
      const shut = await build(run, { kind, request: { networkPolicy: 'none' } });
      expect(shut.events.output('stdout')).toBe(`shut ${place}\nlo\n`);
      expect(reached().length).toBe(before);
      const { events } = await build(run, { kind, request: { networkPolicy: 'full' } });
      expect(events.output('stdout')).toContain(`reached ${place}`);
    },
    SLOW,
  );

  ownEngine(
    'does not find a step of somebody else that runs at the same time',
    async () => {
      const listening = build('RUN echo canary | nc -l -p 7777');
      await until(() => stepsThatListen(7_777).length > 0);
      const neighbours = stepsThatListen(7_777);
      const { events } = await build(`RUN ${neighbours.map(asks).join('; ')}; echo done`);
      expect(events.output('stdout')).toBe('done\n');
      for (const address of neighbours) await call(address, 7_777); // this machine is heard
      expect((await listening).failure).toBeUndefined();
    },
    SLOW,
  );
});

const asks = (address: string): string => `nc -w 3 ${address} 7777 </dev/null || true`;
