import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { importBusyboxImage, temporaryDirectory } from '@slipway/testing';
import type { BuildFailure } from '../../apps/build-agent/src/builder/build-failure.js';
import { connectEngine } from '../../apps/build-agent/src/builder/engine.js';
import { runBuild, type Recorded } from '../../apps/build-agent/src/builder/testing/engine-fixture.js';
import { checkoutPaths, ROOT } from '../../tools/launcher/paths.js';
import { openSupervisor } from '../../tools/launcher/process/supervisor.js';
import { provideEngine } from '../../tools/launcher/setup/engine.js';
import { startAllowListProxy, type AllowListProxy } from './lib/allow-list-proxy.js';
import { ownAddresses, startCanary, type Canary } from './lib/canary.js';
import { startOtherMachine, type OtherMachine } from './lib/other-machine.js';
import { BASE, cleanUp, SLOW, tries } from './lib/steps.js';

/** As root, on a machine without an engine, another one can be started, whose bridge is ours alone. */
const canStart = process.env['SLIPWAY_ENGINE_CGROUP'] !== undefined && !existsSync('/var/run/docker.sock');
const FIREWALL = join(ROOT, 'deploy', 'engine', 'firewall');
const SYSTEM_PATH = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
const ALLOWED = 'packages.example';

(canStart ? describe : describe.skip)('a RUN of a namespace with the policy `proxy`', () => {
  const directory = temporaryDirectory();
  const paths = checkoutPaths(directory.path);
  const supervisor = openSupervisor({ command: 'spec', runDir: paths.run });
  const bridge = `slip${paths.hash}`;
  let docker: ReturnType<typeof connectEngine>;
  let canary: Canary;
  let other: OtherMachine;
  let proxy: AllowListProxy;
  let proxyPlace: string;
  const rules = () => execFileSync('iptables', ['-w', '-S', `${bridge}-world`], { encoding: 'utf8', env: SYSTEM_PATH });
  const firewall = (...args: readonly string[]) => execFileSync(FIREWALL, args, { stdio: 'pipe' });
  beforeAll(async () => {
    const { BUILD_PROXY_URL: before } = process.env;
    process.env['BUILD_PROXY_URL'] = 'http://10.0.0.5:3128'; // as whoever starts it would
    const engine = await provideEngine(paths, supervisor, undefined).finally(() => {
      if (before === undefined) delete process.env['BUILD_PROXY_URL'];
      else process.env['BUILD_PROXY_URL'] = before;
    });
    docker = connectEngine(engine.dockerHost);
    const [repo, tag] = BASE.split(':') as [string, string];
    await importBusyboxImage(docker, { repo, tag });
    [canary, other] = await Promise.all([startCanary('0.0.0.0'), startOtherMachine()]);
    const address = networkInterfaces()[bridge]?.find(({ family }) => family === 'IPv4')?.address ?? '';
    proxy = await startAllowListProxy({ [ALLOWED]: { address: other.publicAddress, port: other.port } }, address);
    proxyPlace = `${address}:${proxy.port}`;
    expect(rules()).toContain('10.0.0.5');
    firewall('proxy', bridge, proxyPlace); // one that is here
  }, SLOW);
  afterAll(async () => {
    await Promise.all([cleanUp(), canary.stop(), proxy.stop()]);
    other.stop();
    await supervisor.stop();
    directory.remove();
  }, SLOW);

  const build = (
    run: string,
    kind: 'buildkit' | 'classic',
    networkPolicy: 'proxy' | 'full' = 'proxy',
  ): Promise<Recorded> =>
    runBuild({
      docker,
      kind,
      files: { Dockerfile: `FROM ${BASE}\nRUN ${run}\n` },
      request: { networkPolicy },
      proxyUrl: `http://${proxyPlace}`,
    });
  const directly = 'unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY';
  /** Everything but what is on the list, past the proxy. */
  const directPlaces = (): readonly string[] => [
    ...[other.publicAddress, ...other.privateAddresses].map((address) => `${address}:${other.port}`),
    ...['127.0.0.1', ...ownAddresses()].map((address) => `${address}:${canary.port}`),
  ];

  it.each(['buildkit', 'classic'] as const)(
    'reaches the hosts of the list through the proxy, and no others, with the %s builder',
    async (kind) => {
      const [before, asked] = [other.reached().length, proxy.asked().length];
      const places = [ALLOWED, 'elsewhere.example', `${other.publicAddress}:${other.port}`];
      const { events } = await build(tries(places), kind);
      expect(events.output('stdout').trim().split('\n')).toEqual([
        'other machine',
        `reached ${ALLOWED}`,
        'shut elsewhere.example',
        `shut ${other.publicAddress}:${other.port}`,
      ]);
      expect(proxy.asked().slice(asked)).toEqual([ALLOWED, 'elsewhere.example', other.publicAddress]);
      expect(other.reached().slice(before)).toEqual([other.publicAddress]); // once: by the proxy
    },
    2 * SLOW,
  );

  it.each(['buildkit', 'classic'] as const)(
    'reaches nothing past the proxy: no address, no name, no name server, with the %s builder',
    async (kind) => {
      const before = [other.reached().length, canary.fired(), other.asked(), proxy.asked().length];
      const names = [other.publicAddress, ...other.privateAddresses].map(
        (server) => `timeout 5 busybox nslookup ${ALLOWED} ${server} && echo "reached ${server}"`,
      );
      const run = `${directly}; ${tries([ALLOWED, ...directPlaces()])}; ${names.join('; ')}; echo done`;
      const { events, failure } = await build(run, kind);
      expect(failure).toBeUndefined();
      expect(events.output('stdout')).toMatch(/done\n$/);
      expect(events.output('stdout')).not.toMatch(/^reached/m);
      expect([other.reached().length, canary.fired(), other.asked(), proxy.asked().length]).toEqual(before);
    },
    3 * SLOW,
  );

  it(
    'is not built by an agent without a proxy, nor `full` by one that has no more than it',
    async () => {
      const refused = (recorded: Recorded): unknown => (recorded.failure as BuildFailure).code;
      const withoutProxy = await runBuild({
        docker,
        kind: 'buildkit',
        files: { Dockerfile: `FROM ${BASE}\nRUN true\n` },
        request: { networkPolicy: 'proxy' },
      });
      expect(refused(withoutProxy)).toBe('NETWORK_UNSUPPORTED');
      expect(refused(await build('true', 'buildkit', 'full'))).toBe('NETWORK_UNSUPPORTED');
    },
    SLOW,
  );

  it(
    'would reach them all, and the name server, over a bridge that is open',
    async () => {
      firewall('off', bridge);
      const places = directPlaces().filter((place) => !place.startsWith('127.'));
      const before = other.asked();
      const ask = `timeout 5 busybox nslookup ${ALLOWED} ${other.publicAddress} || true`;
      const { events } = await build(`${directly}; ${tries(places)}; ${ask}`, 'buildkit');
      for (const place of places) expect(events.output('stdout')).toContain(`reached ${place}`);
      expect(other.asked()).toBeGreaterThan(before);
    },
    2 * SLOW,
  );
});
