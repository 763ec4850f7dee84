import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { pinnedNodePath } from './runtime.mjs';

const REPORT_EVERY_MS = 5_000;

/** `npm ci` when what is installed differs from the lock file; otherwise nothing, in a few milliseconds. */
export async function installDependencies(root) {
  if (isInstalled(root)) return;
  await withInstallLock(root, async () => {
    if (!isInstalled(root)) await npmCi(root);
  });
}

/**
 * Compares the lock file with npm's own record of the tree, by content: times of files change with every checkout.
 * npm writes that record last, so an interrupted install has none. Optional packages of other platforms may be absent.
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted) throw new Error(`package-lock.json is missing in ${root}: this does not look like a whole checkout.`);
  const node = pinnedNodePath(root);
  if (!present || (node && !existsSync(node))) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true; // the workspaces themselves
    if (!present[path]) return Boolean(optional || devOptional || peer);
    return present[path].version === version;
  });
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** The tool's own words are shown only when it fails: its warnings about the machine's Node mean nothing here. */
async function npmCi(root) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const say = (text) => process.stderr.write(`slipway: ${text}\n`);
  say('installing dependencies (npm ci)');
  const timer = setInterval(() => say(`installing dependencies … ${seconds()} s`), REPORT_EVERY_MS);
  try {
    const { code, output } = await run(root, ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
    if (code !== 0) throw new Error(`npm ci failed (exit code ${code}):\n${output}`);
    say(`dependencies installed in ${seconds()} s`);
  } finally {
    clearInterval(timer);
  }
}

function run(root, args) {
  const cli = process.env.npm_execpath; // set by npm: the same npm again, wherever it is
  const [command, prefix] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(command, [...prefix, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`cannot run npm: ${cause.message}`, { cause })));
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
