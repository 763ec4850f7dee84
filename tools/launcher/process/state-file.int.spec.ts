import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMIT_MS, isAlive, runLauncherFixture, script, tempDir } from './fixtures.js';
import { type ProcessIdentity, identify } from './process-table.js';
import { type StateFile, readStates, runningLaunchers, stopLauncher, sweepDead, writeState } from './state-file.js';
import { becomesTrue } from './wait.js';

describe('state file', () => {
  const dir = tempDir();
  const strangers: ChildProcess[] = [];
  const ended: ProcessIdentity = { pid: 2 ** 22 - 1, startedAt: 'never' };

  afterAll(() => {
    for (const stranger of strangers) stranger.kill('SIGKILL');
    dir.remove();
  });

  function startStranger(): number {
    const stranger = spawn(process.execPath, script('setInterval(() => {}, 60_000)'), {
      stdio: 'ignore',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    strangers.push(stranger);
    if (stranger.pid === undefined) throw new Error('the stranger did not start');
    return stranger.pid;
  }

  function storedState(name: string, state: Partial<StateFile>): string {
    const runDir = join(dir.path, name);
    mkdirSync(runDir, { recursive: true });
    writeState(join(runDir, 'start-1.json'), {
      command: 'start',
      launcher: ended,
      reaper: ended,
      leftovers: { mark: 'no-process-has-this-mark', children: [], things: [] },
      ...state,
    });
    return runDir;
  }

  it(
    'never leads to a signal for a stranger who got the pid of ours',
    async () => {
      const pid = startStranger();
      const reused: ProcessIdentity = { pid, startedAt: 'some other start' };
      const children = [{ ...reused, name: 'gateway', graceMs: 50 }];
      const runDir = storedState('reused', { launcher: reused, leftovers: { mark: 'none', children, things: [] } });

      expect(runningLaunchers(runDir)).toEqual([]);
      for (const state of readStates(runDir)) await stopLauncher(state);
      await sweepDead(runDir);

      expect(isAlive(pid)).toBe(true);
      expect(readStates(runDir)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'lets the children of a launcher be ended when its reaper was killed with it',
    async () => {
      const pid = startStranger();
      const child = { ...identify(pid)!, name: 'gateway', graceMs: 5_000 };
      const socket = join(dir.path, 'left.sock');
      writeFileSync(socket, '');
      const things = [{ kind: 'path', path: socket } as const];
      const runDir = storedState('dead', { leftovers: { mark: 'none', children: [child], things } });

      await sweepDead(runDir);

      expect(isAlive(pid)).toBe(false);
      expect(existsSync(socket)).toBe(false);
      expect(readStates(runDir)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'leaves a running launcher alone until it is asked to stop, and then nothing of it remains',
    async () => {
      const work = tempDir();
      const runDir = join(work.path, 'run');
      const { launcher, pids } = await runLauncherFixture(runDir, work.path);

      await sweepDead(runDir);
      expect([launcher, ...pids].map(isAlive)).toEqual([true, true, true]);
      const running = runningLaunchers(runDir);
      expect(running.map((state) => state.launcher.pid)).toEqual([launcher]);

      for (const state of running) await stopLauncher(state);
      const gone = () => ![launcher, ...pids].some(isAlive);
      expect(await becomesTrue(gone, { limitMs: LIMIT_MS })).toBe(true);
      expect(readStates(runDir)).toEqual([]);
      work.remove();
    },
    2 * LIMIT_MS,
  );
});
