import { readFileSync } from 'node:fs';
import { startHealthServer, watch, type Logger, type RunningService } from '@slipway/platform';
import type { ServerConfig } from './config.js';
import { LiveTail } from './live/live-tail.js';
import { startRpcServer, type RpcServer } from './rpc/server.js';
import { EventStore } from './store/event-store.js';

export interface ServedStore extends RunningService {
  readonly port: number;
  readonly healthPort: number;
  readonly rpc: RpcServer;
  readonly tail: LiveTail;
}

/** Opens the store and serves it until `stop`. @throws when the file is in use or the address is taken */
export async function serve(config: ServerConfig, logger: Logger): Promise<ServedStore> {
  const store = new EventStore(config.EVENT_STORE_FILE, (events) => tail.push(events));
  const tail = new LiveTail(store.lastPosition);
  watch('slipway_eventstore_subscriptions', () => tail.subscriberCount);
  try {
    const rpc = await startRpcServer({ store, tail, ...listenOptions(config) });
    const health = await startHealthServer({
      port: config.HEALTH_PORT,
      host: config.HEALTH_HOST,
      checks: { file: () => store.lastFailure?.message },
    });
    const { port } = rpc;
    logger.info(
      {
        host: config.EVENT_STORE_HOST,
        port,
        healthPort: health.port,
        file: config.EVENT_STORE_FILE,
        isSecure: config.EVENT_STORE_TLS_CERT !== undefined,
        lastPosition: store.lastPosition,
      },
      'event store listening',
    );
    const stop = async (): Promise<void> => {
      await rpc.stop();
      store.close();
      await health.close();
    };
    return { port, healthPort: health.port, rpc, tail, stop };
  } catch (error) {
    store.close();
    throw error;
  }
}

function listenOptions(config: ServerConfig) {
  const { EVENT_STORE_HOST: host, EVENT_STORE_PORT: port, EVENT_STORE_TLS_CERT, EVENT_STORE_TLS_KEY } = config;
  const { EVENT_STORE_USER: user, EVENT_STORE_PASSWORD: password } = config;
  if (!EVENT_STORE_TLS_CERT || !EVENT_STORE_TLS_KEY || user === undefined || !password) return { host, port };
  const tls = { certificate: readFileSync(EVENT_STORE_TLS_CERT), key: readFileSync(EVENT_STORE_TLS_KEY) };
  return { host, port, tls, user: { user, password } };
}
