import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutPaths } from '../paths.js';
import { LIMIT_MS, isAlive, tempDir } from '../process/fixtures.js';
import { type Supervisor, openSupervisor } from '../process/supervisor.js';
import { findOnPath, isRoot } from './command.js';
import { DEFAULT_SOCKET, pingEngine } from './docker-host.js';
import { provideEngine } from './engine.js';

/** An engine of our own is only started by root, and only where the machine has none. */
const canStart = isRoot() && findOnPath('dockerd') !== undefined && !existsSync(DEFAULT_SOCKET);
const HOOK = fileURLToPath(new URL('../../ts-hook.mjs', import.meta.url));
const FIXTURE = fileURLToPath(new URL('./engine.fixture.ts', import.meta.url));

describe('container engine', () => {
  const dir = tempDir();
  const supervisors: Supervisor[] = [];
  const open = (runDir: string): Supervisor => {
    const supervisor = openSupervisor({ command: 'spec', runDir });
    supervisors.push(supervisor);
    return supervisor;
  };

  afterAll(async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    dir.remove();
  });

  it(
    'refuses a DOCKER_HOST that does not answer, and says what to do',
    async () => {
      const paths = checkoutPaths(dir.path);
      const given = `unix://${join(dir.path, 'none.sock')}`;
      await expect(provideEngine(paths, open(paths.run), given)).rejects.toThrow(
        `no container engine answers at DOCKER_HOST=${given} (${join(dir.path, 'none.sock')} does not exist): start it`,
      );
    },
    LIMIT_MS,
  );

  (canStart ? it : it.skip)(
    'starts one of its own from a path too long for a socket, lets a second command use it, and leaves nothing behind',
    async () => {
      const paths = checkoutPaths(join(dir.path, 'deep '.repeat(12).trim(), 'deeper '.repeat(12).trim()));
      expect(paths.sockets).toBe(join(tmpdir(), `slipway-${paths.hash}`));
      const owner = open(paths.run);

      const engine = await provideEngine(paths, owner, undefined);
      expect(await pingEngine(engine.dockerHost)).toEqual({ state: 'answers' });
      expect(statSync(paths.sockets).mode & 0o777).toBe(0o700);
      const dockerd = Number(readFileSync(join(paths.sockets, 'dockerd.pid'), 'utf8'));
      const environment = readFileSync(`/proc/${dockerd}/environ`, 'utf8').split('\0');
      expect(environment).toContain('BUILDKIT_STEP_LOG_MAX_SIZE=1073741824');
      expect(environment).toContain('BUILDKIT_STEP_LOG_MAX_SPEED=1048576');

      const other = await provideEngine(paths, open(paths.run), undefined);
      expect(other).toEqual({ ...engine, origin: 'another command of this checkout' });
      expect(engine.cgroup).toBe(`/slipway-${paths.hash}`);
      expect(packetRules()).toContain(`-i slip${paths.hash} -j slip${paths.hash}-host`);

      expect(packetRules()).toContain(`-j out-slipway-${paths.hash}-engine`);
      expect(readFileSync(`/proc/${dockerd}/cgroup`, 'utf8')).toContain(`0::/slipway-${paths.hash}-engine\n`);

      await owner.stop();
      expect(isAlive(dockerd)).toBe(false);
      expect(existsSync(paths.sockets)).toBe(false);
      expect(existsSync(`/sys/class/net/slip${paths.hash}`)).toBe(false);
      expect(packetRules()).not.toContain(paths.hash);
      expect(cgroupsOf(paths.hash)).toEqual([]);
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(paths.engine.replaceAll(' ', '\\040'));
    },
    4 * LIMIT_MS,
  );

  (canStart ? it : it.skip)(
    'tells a user who is not root in one sentence what to do',
    () => {
      const home = tempDir();
      chmodSync(home.path, 0o777);
      const said = execFileSync(process.execPath, ['--import', HOOK, FIXTURE, home.path], {
        env: { PATH: process.env['PATH'] },
        encoding: 'utf8',
      });
      expect(said).toBe(
        'Problem: no container engine runs and this user is not root: start Docker and set DOCKER_HOST to its socket, or run this as root.',
      );
      home.remove();
    },
    LIMIT_MS,
  );
});

function cgroupsOf(hash: string): readonly string[] {
  const root = '/sys/fs/cgroup';
  const directories = [root, ...readdirSync(root).map((name) => join(root, name))];
  return directories
    .flatMap((path) => [join(path, `slipway-${hash}`), join(path, `slipway-${hash}-engine`)])
    .filter((path) => existsSync(path));
}

const packetRules = (): string =>
  ['iptables', 'ip6tables'].map((program) => execFileSync(program, ['-w', '-S'], { encoding: 'utf8' })).join('');
