import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnGuarded, type GuardedProcess } from '../guarded-process.js';
import { readyOrDead, serverLife, type Running } from '../server-life.js';
import { temporaryDirectory } from '../temporary-directory.js';
import type { TestServer } from '../test-server.js';
import { until } from '../until.js';
import { postgresBinaries } from './postgres-binaries.js';

const READY_LIMIT_MS = 20_000;
/** After a kill the old server's children need a moment to notice; until then a new one refuses to start. */
const MAX_STARTS = 20;
const RESTART_PAUSE_MS = 250;

/** PostgreSQL refuses root, so root starts it as somebody else. */
const UNPRIVILEGED_USER = 'nobody';

/** A cluster of its own, reached over loopback without a password. @throws when there is no PostgreSQL */
export async function startPostgres(): Promise<TestServer> {
  const bin = postgresBinaries();
  if (bin === undefined) throw new Error('PostgreSQL is not installed: no initdb on PATH or in /usr/lib/postgresql');
  const directory = temporaryDirectory();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(directory.path, idOf('-u'), idOf('-g'));
  const cluster = { bin, directory: directory.path, isRoot };
  const [command = '', ...args] = asUser(cluster, 'initdb', [
    `--pgdata=${dataOf(cluster)}`,
    '--username=slipway',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  execFileSync(command, args, { cwd: directory.path, stdio: 'pipe' });
  return serverLife(directory, (port) => start(cluster, port));
}

interface Cluster {
  readonly bin: string;
  readonly directory: string;
  readonly isRoot: boolean;
}

const dataOf = ({ directory }: Cluster): string => join(directory, 'data');

function asUser({ bin, isRoot }: Cluster, binary: string, args: readonly string[]): readonly string[] {
  const command = [join(bin, binary), ...args];
  if (!isRoot) return command;
  return ['setpriv', '--reuid', UNPRIVILEGED_USER, '--regid', String(idOf('-g')), '--clear-groups', ...command];
}

const idOf = (which: '-u' | '-g'): number =>
  Number(execFileSync('id', [which, UNPRIVILEGED_USER], { encoding: 'utf8' }));

async function start(cluster: Cluster, wantedPort: number): Promise<Running> {
  const port = wantedPort === 0 ? await freePort() : wantedPort;
  for (let starts = 1; ; starts++) {
    try {
      return { process: await startOnce(cluster, port), url: `postgres://slipway@127.0.0.1:${port}/postgres` };
    } catch (error) {
      if (starts === MAX_STARTS) throw error;
      await pause(RESTART_PAUSE_MS);
    }
  }
}

async function startOnce(cluster: Cluster, port: number): Promise<GuardedProcess> {
  let isReady = false;
  const [command = '', ...args] = asUser(cluster, 'postgres', [
    `-D${dataOf(cluster)}`,
    `--port=${port}`,
    `--unix_socket_directories=${cluster.directory}`,
    '--listen_addresses=127.0.0.1',
    '--shared_buffers=32MB',
    '--max_connections=40',
  ]);
  const server = await spawnGuarded({
    command,
    args,
    env: { LC_ALL: 'C' },
    onLine: (line) => {
      if (line.includes('ready to accept connections')) isReady = true;
    },
  });
  await readyOrDead(
    server,
    until(() => isReady, { limitMs: READY_LIMIT_MS, what: 'PostgreSQL ready' }),
  );
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
