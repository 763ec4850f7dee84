import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { type CheckoutUnderTest, LIMIT_MS, copyCheckout } from '../commands/checkout.fixtures.js';
import { isAlive } from '../process/fixtures.js';
import { readStates } from '../process/state-file.js';
import { parseDockerHost } from '../setup/docker-host.js';

const SECONDS = String.raw`\d+\.\d\d s`;

describe('npm run demo', () => {
  let checkout: CheckoutUnderTest;
  beforeAll(async () => {
    checkout = await copyCheckout();
  }, LIMIT_MS);
  afterAll(() => checkout.remove(), LIMIT_MS);

  const engine = (): Docker => {
    const dockerHost = process.env['SLIPWAY_DOCKER_HOST'];
    if (!dockerHost) throw new Error('SLIPWAY_DOCKER_HOST names no engine');
    return new Docker(parseDockerHost(dockerHost));
  };

  async function expectEngineIsClean(): Promise<void> {
    const images = (await engine().listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    expect(images.filter((name) => name.includes('slipway-demo/') || name.includes('/demo/hello-'))).toEqual([]);
    const containers = await engine().listContainers({ all: true });
    expect(containers.flatMap(({ Names }) => Names).filter((name) => name.includes('slipway-demo'))).toEqual([]);
    expect(readdirSync(checkout.paths.run).filter((name) => name.startsWith('demo'))).toEqual([]);
  }

  it(
    'makes an image of a git repository, runs it, makes it again from the cache, and leaves nothing',
    async () => {
      const { said, exit } = checkout.npm('demo');
      expect(await exit).toBe(0);

      expect(said.text).toMatch(/asked http:\S+: 200 OK\n {2}│ <!doctype html>/);
      expect(said.text).toContain('<h1>Hello from an image that Slipway built!</h1>');
      expect(said.text).toMatch(/│ about\.html is served\n {2}│ index\.html is served/); // the log, live
      expect(said.text).toMatch(/succeeded on agent-[12], 5 of 6 steps from the cache/);
      for (const row of [
        String.raw`tags +latest, v\d{8}\.\d{6} +latest, v\d{8}\.\d{6}`,
        String.raw`digest +sha256:\w{12} +sha256:\w{12}`,
        String.raw`commit +(\w{12}) +\1`,
        'agent +agent-[12] +agent-[12]',
        ...['waiting', 'starting', 'cloning', 'building', 'pushing', 'total'].map(
          (phase) => `${phase} +${SECONDS} +${SECONDS}`,
        ),
        String.raw`\[site 4/5\] RUN sh render\.sh /site +${SECONDS} +cached`,
        String.raw`\[site 5/5\] RUN sh check\.sh /site +${SECONDS} +cached`,
      ])
        expect(said.text).toMatch(new RegExp(`^  ${row}$`, 'm'));
      expect(said.text).not.toContain('\u001b'); // no terminal: plain lines

      const tokenFile = join(checkout.paths.state, 'admin-token');
      expect(said.text).toContain(`$(cat '${tokenFile}')`);
      expect(said.text).not.toContain(readFileSync(tokenFile, 'utf8').trim());
      await checkout.expectNothingLeft([]);
      await expectEngineIsClean();
    },
    4 * LIMIT_MS,
  );

  it(
    'leaves nothing when it is interrupted in the middle of a build',
    async () => {
      const command = checkout.npm('demo');
      await checkout.says(command, 'RUN sh check.sh');
      const pids = checkout.pids();
      command.child.kill('SIGINT');
      expect(await command.exit).toBe(1);
      expect(command.said.text).toMatch(/slipway: stopped by SIGINT\n$/);
      await checkout.expectNothingLeft(pids);
      await expectEngineIsClean();
    },
    4 * LIMIT_MS,
  );

  it(
    'uses the system that runs already and leaves it running',
    async () => {
      const start = checkout.npm('start');
      await checkout.says(start, 'Ctrl-C');
      const pids = checkout.pids();
      const { said, exit } = checkout.npm('demo');
      expect(await exit).toBe(0);
      expect(said.text).toContain('the one that npm start runs');
      expect(said.text).toContain('5 of 6 steps from the cache');
      expect(pids.filter(isAlive)).toEqual(pids);
      expect(readStates(checkout.paths.run).map(({ command }) => command)).toEqual(['start']);
      await expectEngineIsClean();
      start.child.kill('SIGINT');
      expect(await start.exit).toBe(0);
      await checkout.expectNothingLeft(pids);
    },
    4 * LIMIT_MS,
  );
});
