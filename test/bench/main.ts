import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `main.ts [name…] [--size number…]`: runs the named benches, or all but the long ones, one after the other, each in a
 * process of its own. Sizes go to the benches that are named.
 */
const SUFFIX = '.bench.ts';
const here = fileURLToPath(new URL('.', import.meta.url));
const hook = fileURLToPath(new URL('../../tools/ts-hook.mjs', import.meta.url));
const known = readdirSync(here)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

/** Take many minutes: only when they are named. */
const LONG = ['scale', 'soak'];

const args = process.argv.slice(2);
const firstSize = args.findIndex((arg) => arg.startsWith('--'));
const wanted = firstSize < 0 ? args : args.slice(0, firstSize);
const sizes = firstSize < 0 ? [] : args.slice(firstSize);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${known.join(', ')}`);
  process.exit(1);
}

const failed: string[] = [];
const usual = known.filter((name) => !LONG.includes(name));
for (const name of wanted.length > 0 ? wanted : usual) if ((await run(name)) !== 0) failed.push(name);
if (failed.length > 0) console.error(`Could not measure: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

function run(name: string): Promise<number> {
  const child = spawn(process.execPath, ['--import', hook, `${here}${name}${SUFFIX}`, ...sizes], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
