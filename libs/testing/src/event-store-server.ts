import { join } from 'node:path';
import { inCheckout } from './checkout.js';
import { spawnGuarded } from './guarded-process.js';
import { readyOrDead, serverLife, type Running } from './server-life.js';
import { temporaryDirectory } from './temporary-directory.js';
import type { TestServer } from './test-server.js';
import { until } from './until.js';

const READY_LIMIT_MS = 20_000;

export interface EventStoreServerOptions {
  /** More environment for the server. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The embedded event store as a process of its own. `url` is a connection string. */
export function startEventStoreServer({ env = {} }: EventStoreServerOptions = {}): Promise<TestServer> {
  const directory = temporaryDirectory();
  return serverLife(directory, (port) => start(join(directory.path, 'events.db'), port, env));
}

async function start(file: string, wantedPort: number, env: NodeJS.ProcessEnv): Promise<Running> {
  let port = 0;
  let isReady = false;
  const process_ = await spawnGuarded({
    command: process.execPath,
    args: ['--import', inCheckout('tools/ts-hook.mjs'), inCheckout('apps/event-store/src/main.ts')],
    env: {
      LOG_LEVEL: 'info',
      HEALTH_PORT: '0',
      ...env,
      NODE_OPTIONS: '',
      EVENT_STORE_FILE: file,
      EVENT_STORE_HOST: '127.0.0.1',
      EVENT_STORE_PORT: String(wantedPort),
    },
    onLine: (line) => {
      const fields = parseLogLine(line);
      if (typeof fields['port'] === 'number') port = fields['port'];
      if (fields['msg'] === 'service ready') isReady = true;
    },
  });
  await readyOrDead(
    process_,
    until(() => isReady && port > 0, { limitMs: READY_LIMIT_MS, what: 'the event store ready', signal: process_.gone }),
  );
  return { process: process_, url: `esdb://127.0.0.1:${port}?tls=false` };
}

function parseLogLine(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {}; // a warning of the runtime
  }
}
