import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { importBusyboxImage, temporaryDirectory } from '@slipway/testing';
import { dockerBuilder } from '../../apps/build-agent/src/builder/docker.builder.js';
import { connectEngine } from '../../apps/build-agent/src/builder/engine.js';
import { checkoutPaths, ROOT } from '../../tools/launcher/paths.js';
import { openSupervisor } from '../../tools/launcher/process/supervisor.js';
import { allowRegistry } from '../../tools/launcher/setup/engine-network.js';
import { provideEngine } from '../../tools/launcher/setup/engine.js';
import {
  registryAddress,
  registryCredentials,
  runBuild,
  type Recorded,
} from '../../apps/build-agent/src/builder/testing/engine-fixture.js';
import { ownAddresses, startCanary, type Canary } from './lib/canary.js';
import { startOtherMachine, type OtherMachine } from './lib/other-machine.js';
import { BASE, cleanUp, SLOW } from './lib/steps.js';

/** As root, on a machine without an engine, another one can be started that is as closed as that of `npm start`. */
const canStart = process.env['SLIPWAY_ENGINE_CGROUP'] !== undefined && !existsSync('/var/run/docker.sock');

(canStart ? describe : describe.skip)('an ADD <url>, which the engine itself fetches', () => {
  const directory = temporaryDirectory();
  const paths = checkoutPaths(directory.path);
  const supervisor = openSupervisor({ command: 'spec', runDir: paths.run });
  let docker: ReturnType<typeof connectEngine>;
  let canary: Canary;
  let other: OtherMachine;

  const build = (instructions: string): Promise<Recorded> =>
    runBuild({ docker, kind: 'buildkit', files: { Dockerfile: `FROM ${BASE}\n${instructions}\n` }, request: {} });
  const add = async (place: string): Promise<boolean> => (await build(`ADD http://${place}/ /x`)).image !== undefined;

  beforeAll(async () => {
    docker = connectEngine((await provideEngine(paths, supervisor, undefined)).dockerHost);
    const [repo, tag] = BASE.split(':') as [string, string];
    await importBusyboxImage(docker, { repo, tag });
    [canary, other] = await Promise.all([startCanary('0.0.0.0'), startOtherMachine()]);
  }, SLOW);
  afterAll(async () => {
    await Promise.all([cleanUp(), canary.stop()]);
    other.stop();
    await supervisor.stop();
    directory.remove();
  }, SLOW);

  it(
    'finds the internet, but nothing on this machine, no private network and no metadata of a cloud',
    async () => {
      const places = ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', ...ownAddresses()]
        .map((host) => `${host}:${canary.port}`)
        .concat(other.privateAddresses.map((address) => `${address}:${other.port}`));
      for (const place of places) expect([place, await add(place)]).toEqual([place, false]);
      expect([canary.fired(), other.reached()]).toEqual([0, []]);

      expect(await add(`${other.publicAddress}:${other.port}`)).toBe(true);
      expect(other.reached()).toContain(other.publicAddress);
    },
    2 * SLOW,
  );

  it(
    'is not led to this machine by a redirect of a server that may be asked',
    async () => {
      const redirecting = createServer((_, response) =>
        response.writeHead(302, { location: `http://127.0.0.1:${canary.port}/` }).end(),
      );
      await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
      const place = `127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
      await allowRegistry(paths, supervisor, `http://${place}`);
      let asked = 0;
      redirecting.on('request', () => (asked += 1));
      expect(await add(place)).toBe(false);
      expect([asked > 0, canary.fired()]).toEqual([true, 0]);
      redirecting.closeAllConnections();
      await new Promise((resolve) => redirecting.close(resolve));
    },
    SLOW,
  );

  it(
    'leaves the registry of the system to be pushed to, and nothing beside it',
    async () => {
      const built = await build('RUN echo built >/built');
      const builder = await dockerBuilder({ docker, kind: 'buildkit' });
      const repository = `${registryAddress()}/hostile/closed-${paths.hash}`;
      const push = (): Promise<unknown> =>
        builder.push(
          {
            buildId: paths.hash,
            image: built.tag,
            repository,
            tag: '1',
            silenceTimeoutMs: SLOW,
            credentials: registryCredentials(),
          },
          { line: () => undefined },
          new AbortController().signal,
        );
      await allowRegistry(paths, supervisor, `http://${registryAddress()}`);
      await expect(push()).resolves.toMatchObject({ digest: expect.stringMatching(/^sha256:/) as string });
      expect(await add(`127.0.0.1:${canary.port}`)).toBe(false);
      expect(canary.fired()).toBe(0);
    },
    2 * SLOW,
  );

  it(
    'would read what listens on loopback without the rules',
    async () => {
      const cgroup = /^0::(.*)$/m.exec(
        readFileSync(`/proc/${readFileSync(join(paths.sockets, 'dockerd.pid'), 'utf8').trim()}/cgroup`, 'utf8'),
      )![1]!;
      execFileSync(join(ROOT, 'deploy', 'engine', 'firewall'), ['engine-off', cgroup], { stdio: 'pipe' });
      expect(await add(`127.0.0.1:${canary.port}`)).toBe(true);
      expect(canary.fired()).toBe(1);
    },
    SLOW,
  );
});
