import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inCheckout } from './checkout.js';
import { spawnGuarded } from './guarded-process.js';
import { until } from './until.js';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('guarded process', () => {
  it('tells its pid, its lines and its exit code', async () => {
    const lines: string[] = [];
    const child = await spawnGuarded({
      command: '/bin/sh',
      args: ['-c', 'echo "pid $$ $WORD"; echo oops >&2; exit 7'],
      env: { WORD: 'with spaces' },
      onLine: (line) => lines.push(line),
    });
    expect(await child.exited).toBe(7);
    await until(() => lines.length === 2);
    expect(lines.sort()).toEqual(['oops', `pid ${child.pid} with spaces`]);
    expect(child.lastLines()).toContain('oops');
  });

  it('stops, and kills what does not stop', async () => {
    const [polite, stubborn] = await Promise.all([
      spawnGuarded({ command: 'sleep', args: ['60'] }),
      spawnGuarded({ command: '/bin/sh', args: ['-c', 'trap "" TERM; exec sleep 60'] }),
    ]);
    await polite.stop();
    await polite.stop();
    await stubborn.kill();
    expect([polite.pid, stubborn.pid].map(isAlive)).toEqual([false, false]);
    expect(await stubborn.exited).toBe(137);
  });

  it('ends when the process that started it is killed', async () => {
    const program = `
      import { spawnGuarded } from ${JSON.stringify(inCheckout('libs/testing/src/guarded-process.ts'))};
      console.log((await spawnGuarded({ command: 'sleep', args: ['60'] })).pid);
    `;
    const args = ['--import', inCheckout('tools/ts-hook.mjs'), '--input-type=module', '--eval', program];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) =>
      createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid), { limitMs: 5_000 });
  }, 20_000);
});
