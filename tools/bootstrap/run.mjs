// `node tools/bootstrap/run.mjs <command> [args]`: what every npm script calls. Plain JavaScript on Node's built-ins
// alone, because on a fresh clone there is nothing else: it installs the dependencies when they are missing or behind
// the lock file, then hands over to the launcher on the Node that the lock file pins.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';
import { pinnedNode } from './runtime.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const OLDEST_NODE = 20;

try {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE)
    throw new Error(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer.`);
  await installDependencies(root);
  process.exitCode = await handOver(pinnedNode(root), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`slipway: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/**
 * Runs the launcher until it ends; signals go to it and its exit code comes back. The launcher reads the fourth file
 * descriptor to its end: when this process is killed without a chance to forward anything, that is how it learns of it.
 */
function handOver(node, args) {
  const child = spawn(node, ['--import', './tools/ts-hook.mjs', 'tools/launcher/main.ts', ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      SLIPWAY_PARENT_FD: '3',
      PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`,
    },
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
