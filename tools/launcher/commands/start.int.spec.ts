import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../process/fixtures.js';
import { readStates } from '../process/state-file.js';
import { type CheckoutUnderTest, LIMIT_MS, type RunningCommand, copyCheckout } from './checkout.fixtures.js';

describe('npm start and npm stop', () => {
  let checkout: CheckoutUnderTest;
  let tokenFile = '';
  const npm = (command: string): RunningCommand => checkout.npm(command);

  beforeAll(async () => {
    checkout = await copyCheckout();
    tokenFile = join(checkout.paths.state, 'admin-token');
  }, LIMIT_MS);

  afterAll(() => checkout.remove(), LIMIT_MS);

  async function ready(): Promise<RunningCommand & { readonly pids: readonly number[] }> {
    const command = npm('start');
    await checkout.says(command, 'Ctrl-C');
    expect(command.said.text).toContain('Slipway is ready');
    return { ...command, pids: checkout.pids() };
  }

  it(
    'answers with the token it prints once, refuses a second start, and leaves nothing after npm stop',
    async () => {
      const first = await ready();
      const token = readFileSync(tokenFile, 'utf8').trim();
      expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
      expect(first.said.text).toContain(`${token}  (shown this once)`);
      const builds = await fetch(`http://127.0.0.1:${checkout.ports[0]}/v1/builds`, {
        headers: { authorization: `Token ${token}` },
      });
      expect(builds.status).toBe(200);

      const second = npm('start');
      expect(await second.exit).toBe(1);
      expect(second.said.text).toContain('npm run start of this checkout is running already');
      expect(first.pids.every(isAlive)).toBe(true);

      const stop = npm('stop');
      expect(await stop.exit).toBe(0);
      expect(stop.said.text).toContain('start stopped');
      expect(await first.exit).toBe(0);
      await checkout.expectNothingLeft(first.pids);
    },
    3 * LIMIT_MS,
  );

  it(
    'leaves nothing when the launcher is killed, nor after Ctrl-C in the start that follows',
    async () => {
      const first = await ready();
      expect(first.said.text).not.toContain(readFileSync(tokenFile, 'utf8').trim());
      process.kill(first.pids[0] ?? 0, 'SIGKILL');
      expect(await first.exit).toBe(137);

      const second = await ready(); // at once: it waits for what the killed one leaves
      expect(first.pids.some(isAlive)).toBe(false);
      second.child.kill('SIGINT');
      expect(await second.exit).toBe(0);
      await checkout.expectNothingLeft(second.pids);
    },
    4 * LIMIT_MS,
  );

  it(
    'says at once which service died, and stops the rest',
    async () => {
      const { said, exit, pids } = await ready();
      const [gateway] = readStates(checkout.paths.run).flatMap(({ leftovers }) =>
        leftovers.children.filter(({ name }) => name === 'gateway'),
      );
      process.kill(gateway?.pid ?? 0, 'SIGKILL');
      expect(await exit).toBe(1);
      expect(said.text).toContain(
        `gateway ended with exit code 137; the last lines of ${join(checkout.paths.log, 'gateway.log')}`,
      );
      await checkout.expectNothingLeft(pids);
    },
    3 * LIMIT_MS,
  );

  it(
    'says that nothing runs when nothing does',
    async () => {
      const stop = npm('stop');
      expect(await stop.exit).toBe(0);
      expect(stop.said.text).toContain('nothing of this checkout is running');
    },
    LIMIT_MS,
  );
});
