import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Death, describeDeath } from './death.js';
import { LIMIT_MS, isAlive, runLauncherFixture, script, tempDir } from './fixtures.js';
import { type Supervisor, openSupervisor } from './supervisor.js';
import { becomesTrue } from './wait.js';

describe('supervisor', () => {
  const dir = tempDir();
  const supervisors: Supervisor[] = [];
  const open = (): Supervisor => {
    const supervisor = openSupervisor({ command: 'spec', runDir: join(dir.path, 'run') });
    supervisors.push(supervisor);
    return supervisor;
  };
  const node = (name: string, text: string) => ({
    name,
    command: process.execPath,
    args: script(text),
    logFile: join(dir.path, `${name}.log`),
    env: { ...process.env, NODE_OPTIONS: '' },
  });

  afterAll(async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    dir.remove();
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'leaves no process, socket or state file when the launcher gets %s',
    async (signal) => {
      const work = tempDir();
      const runDir = join(work.path, 'run');
      const { process: launcher, pids } = await runLauncherFixture(runDir, work.path);
      expect(pids.map(isAlive)).toEqual([true, true]);
      expect(existsSync(join(work.path, 'service.sock'))).toBe(true);

      launcher.kill(signal);

      const swept = () => !pids.some(isAlive) && readdirSync(runDir).length === 0;
      expect(await becomesTrue(swept, { limitMs: LIMIT_MS })).toBe(true);
      expect(existsSync(join(work.path, 'service.sock'))).toBe(false);
      work.remove();
    },
    2 * LIMIT_MS,
  );

  it(
    'tells who ended, with which code and the last lines it wrote',
    async () => {
      const supervisor = open();
      const death = new Promise<Death>((resolve) => supervisor.onDeath(resolve));
      const child = supervisor.spawn(node('broken', 'console.log("first"); console.error("why"); process.exit(7)'));
      expect(await child.exited).toEqual({ code: 7, wanted: false });
      expect(await death).toMatchObject({ name: 'broken', code: 7, lastLines: 'first\nwhy' });
      expect(describeDeath(await death)).toContain('broken ended with exit code 7; the last lines of');
    },
    LIMIT_MS,
  );

  it(
    'says nothing about a child that was stopped or killed on purpose',
    async () => {
      const supervisor = open();
      const deaths: Death[] = [];
      supervisor.onDeath((death) => deaths.push(death));
      const stopped = supervisor.spawn(node('stopped', 'setInterval(() => {}, 60_000)'));
      const killed = supervisor.spawn(node('killed', 'setInterval(() => {}, 60_000)'));
      await Promise.all([stopped.stop(), killed.kill()]);
      expect([await stopped.exited, await killed.exited]).toEqual([
        { code: 143, wanted: true },
        { code: 137, wanted: true },
      ]);
      expect(deaths).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'kills a child that does not stop within its grace',
    async () => {
      const supervisor = open();
      const deaf = supervisor.spawn({
        ...node('deaf', 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 60_000)'),
        graceMs: 100,
      });
      const log = join(dir.path, 'deaf.log');
      await becomesTrue(() => readFileSync(log, 'utf8').includes('ready'), { limitMs: LIMIT_MS });
      await deaf.stop();
      expect(await deaf.exited).toEqual({ code: 137, wanted: true });
    },
    LIMIT_MS,
  );

  it(
    'keeps the log of the run before, and continues the log of its own',
    async () => {
      const speak = (word: string) => node('speaker', `console.log(${JSON.stringify(word)})`);
      const first = open();
      await first.spawn(speak('one')).exited;
      const second = open();
      await second.spawn(speak('two')).exited;
      await second.spawn(speak('three')).exited;
      expect(readFileSync(join(dir.path, 'speaker.log'), 'utf8')).toBe('two\nthree\n');
      expect(readFileSync(join(dir.path, 'speaker.log.1'), 'utf8')).toBe('one\n');
    },
    LIMIT_MS,
  );

  it(
    'starts nothing once it stops',
    async () => {
      const supervisor = open();
      await supervisor.stop();
      expect(() => supervisor.spawn(node('late', ''))).toThrow('while stopping');
    },
    LIMIT_MS,
  );
});
