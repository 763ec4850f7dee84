import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { spawnGuarded } from './guarded-process.js';
import { serverProgram } from './program.js';
import { readyOrDead, serverLife, type Running } from './server-life.js';
import { temporaryDirectory } from './temporary-directory.js';
import type { TestServer } from './test-server.js';
import { until } from './until.js';

const READY_LIMIT_MS = 10_000;

export interface NatsServerOptions {
  /** More arguments of nats-server. */
  readonly args?: readonly string[];
}

/** nats-server with JetStream on files. */
export function startNatsServer({ args = [] }: NatsServerOptions = {}): Promise<TestServer> {
  const directory = temporaryDirectory();
  return serverLife(directory, (port) => start(directory.path, port, args));
}

async function start(directory: string, port: number, more: readonly string[]): Promise<Running> {
  const process_ = await spawnGuarded({
    command: serverProgram('nats-server'),
    args: [
      '--addr=127.0.0.1',
      `--port=${port === 0 ? -1 : port}`, // -1: any free port
      '--jetstream',
      `--store_dir=${join(directory, 'jetstream')}`,
      `--ports_file_dir=${directory}`,
      ...more,
    ],
  });
  const portsFile = join(directory, `nats-server_${process_.pid}.ports`);
  const url = await readyOrDead(
    process_,
    until(() => listeningUrl(portsFile), { limitMs: READY_LIMIT_MS, what: 'nats-server ready', signal: process_.gone }),
  );
  return { process: process_, url };
}

/** The ports file is written before JetStream has recovered; only a connection tells that clients are served. */
async function listeningUrl(portsFile: string): Promise<string | undefined> {
  const { nats } = JSON.parse(readFileSync(portsFile, 'utf8')) as { readonly nats?: readonly string[] };
  const [url] = nats ?? [];
  if (url === undefined) return undefined;
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  try {
    await new Promise((resolve, reject) => socket.once('data', resolve).once('error', reject));
    return url;
  } finally {
    socket.destroy();
  }
}
