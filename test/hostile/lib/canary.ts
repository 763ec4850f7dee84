import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Fires when anybody connects. */
export interface Canary {
  readonly port: number;
  /** How often it has fired. */
  readonly fired: () => number;
  readonly stop: () => Promise<void>;
}

/** @param host `0.0.0.0`: on every address of this machine; it takes a free port, and nothing else of this machine's */
export async function startCanary(host: '127.0.0.1' | '0.0.0.0'): Promise<Canary> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.resume(); // what is never read keeps it open
    socket.on('error', () => undefined).end('HTTP/1.0 200 OK\r\n\r\ncanary\n');
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    fired: () => connections,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** IPv4 addresses of this machine: whoever listens on all of them listens on these. */
export const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => address);
