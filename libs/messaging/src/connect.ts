import { connect, type NatsConnection } from '@nats-io/transport-node';

/** The first server that accepts a term() as a term() and knows `sync_interval`. Source: docs/adr/0003-nats-clients.md */
const MINIMUM_SERVER = [2, 10, 23] as const;
const CONNECT_LIMIT_MS = 30_000;

/**
 * `url`: `nats://[user:password@]host:4222` or `tls://…`, several with commas.
 * Connects and stays connected: reconnects for ever, every 250 ms. Waits up to 30 s for a server that is not there yet.
 * @throws when the server is older than 2.10.23
 */
export async function connectNats(options: { readonly url: string; readonly name: string }): Promise<NatsConnection> {
  const { servers, ...login } = natsServers(options.url);
  const connection = await connect({
    servers,
    ...login,
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    waitOnFirstConnect: true,
    timeout: CONNECT_LIMIT_MS,
    pingInterval: 10_000,
    maxPingOut: 3,
  });
  const version = connection.info?.version ?? '0.0.0';
  if (isOlder(version)) {
    await connection.close();
    throw new Error(`nats-server ${version} is too old: ${MINIMUM_SERVER.join('.')} or newer is needed`);
  }
  return connection;
}

/** The client takes user and password as options only, and shows them to every server of the list. */
export function natsServers(urls: string): {
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
} {
  const parsed = urls.split(',').map((url) => new URL(url.includes('://') ? url.trim() : `nats://${url.trim()}`));
  const { username, password } = parsed.find((url) => url.username !== '') ?? { username: '', password: '' };
  const servers = parsed.map(({ protocol, host }) => `${protocol}//${host}`);
  if (username === '') return { servers };
  return { servers, user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

function isOlder(version: string): boolean {
  const parts = version.split(/[.-]/).map(Number);
  for (const [index, wanted] of MINIMUM_SERVER.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
