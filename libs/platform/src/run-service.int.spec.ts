import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const fixture = fileURLToPath(new URL('run-service.fixture.ts', import.meta.url));
const hook = new URL('../../../tools/ts-hook.mjs', import.meta.url).href;
const LIMIT_MS = 30_000;

/** Runs the fixture to its end; `onOutput` may send it a signal. */
function run(
  env: NodeJS.ProcessEnv,
  onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
) {
  const child = spawn(process.execPath, ['--import', hook, fixture], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: LIMIT_MS,
  });
  let output = '';
  const collect = (bytes: Buffer): void => {
    output += bytes.toString();
    onOutput(output, (signal) => child.kill(signal));
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
}

describe('a service', () => {
  it(
    'runs until SIGTERM, stops, and exits 0',
    async () => {
      const { code, output } = await run({ MODE: 'well', PORT: '1' }, (text, kill) => {
        if (text.includes('service ready')) kill('SIGTERM');
      });
      expect(output).toContain('stopped: true');
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'stops at once when it is asked while it starts',
    async () => {
      const { code } = await run({ MODE: 'slow-start', PORT: '1' }, (text, kill) => {
        if (text.includes('starting')) kill('SIGTERM');
      });
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'drains at the first signal, unaware of its stop, and stops at the second one',
    async () => {
      const sent = new Set<string>();
      const { code, output } = await run({ MODE: 'slow-drain', PORT: '1' }, (text, kill) => {
        for (const word of ['service ready', 'draining: false']) {
          if (!text.includes(word) || sent.has(word)) continue;
          sent.add(word);
          kill('SIGTERM');
        }
      });
      expect(output).toContain('stopped: true');
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'does not start with a bad environment, and names every bad variable',
    async () => {
      const { code, output } = await run({ MODE: 'odd', PORT: 'eighty' });
      expect(output).toMatch(/MODE: [^]*PORT: /);
      expect(code).toBe(78);
    },
    LIMIT_MS,
  );

  it.each([
    ['bad-start', 'cannot start'],
    ['bad-promise', 'nobody caught this'],
  ])(
    'ends with 1 and says why: %s',
    async (MODE, why) => {
      const { code, output } = await run({ MODE, PORT: '1' });
      expect(output).toContain(why);
      expect(code).toBe(1);
    },
    LIMIT_MS,
  );
});
