import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HOUR_MS = 3_600_000;
const hook = fileURLToPath(new URL('shifted-clock.mjs', import.meta.url));
const SAID = 'JSON.stringify([Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime()])';

describe('a process with a shifted clock', () => {
  const said = (shifts: string): readonly number[] => {
    const env = { ...process.env, NODE_OPTIONS: '', CLOCK_SHIFTS_MS: shifts, CLOCK_STEP_MS: '3600000' };
    const args = ['--import', hook, '-e', `console.log(${SAID}, new Date() instanceof Date)`];
    const output = execFileSync(process.execPath, args, { env, encoding: 'utf8' });
    expect(output).toMatch(/ true\n$/);
    return JSON.parse(output.slice(0, output.lastIndexOf(']') + 1)) as number[];
  };

  it.each([HOUR_MS, -HOUR_MS])('sees a present that is off by %d ms, and any other time as it is', (shift) => {
    const [now = 0, made = 0, called = 0, given] = said(String(shift));
    for (const seen of [now, made, called]) expect(Math.abs(seen - shift - Date.now())).toBeLessThan(60_000);
    expect(given).toBe(5);
  });
});
