import { spawn } from 'node:child_process';
import { checkoutPaths } from '../paths.js';
import { say } from '../progress.js';
import { toolPath } from '../setup/toolchain.js';
import type { Command } from './command.js';

/** Whole-repository commands: faster than one process a project. */
const CHECKS: readonly (readonly [what: string, tool: string, ...args: readonly string[]])[] = [
  ['format', 'oxfmt', '--check', '.'],
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['lint', 'oxlint', '--type-aware', '--disable-nested-config'], // the nested one is for files that break the rules
];

/** Every check, also after one has failed, so that one run shows all there is to mend. */
export const check: Command = async ({ signal }) => {
  const { root } = checkoutPaths();
  const failed: string[] = [];
  for (const [what, tool, ...args] of CHECKS) {
    if (signal.aborted) return 1;
    const startedAt = Date.now();
    const code = await run([toolPath({ root }, tool), ...args], root);
    say(`${what}: ${code === 0 ? 'ok' : `failed (${tool} ${args.join(' ')})`}, ${Date.now() - startedAt} ms`);
    if (code !== 0) failed.push(what);
  }
  return failed.length === 0 ? 0 : 1;
};

/** On the pinned Node, whatever the machine's own is. */
function run(args: readonly string[], cwd: string): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
