import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { Problem } from '../problem.js';

export const DEFAULT_SOCKET = '/var/run/docker.sock';

const PING_LIMIT_MS = 15_000; // that of a busy machine

/** What an engine answers to a ping. */
export type Ping =
  | { readonly state: 'answers' }
  | { readonly state: 'forbidden' } // the socket is there, for others
  | { readonly state: 'silent'; readonly why: string };

/** `unix:///path` and `tcp://host:port`. @throws Problem for anything else */
export function parseDockerHost(
  host: string,
): { readonly socketPath: string } | { readonly host: string; readonly port: number } {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol !== 'tcp:' || !url.hostname)
    throw new Problem(`DOCKER_HOST=${host} is not understood: use unix:///path/to/socket or tcp://host:port.`);
  return { host: url.hostname, port: Number(url.port || 2375) };
}

/** `GET /_ping`, with a limit. */
export function pingEngine(dockerHost: string): Promise<Ping> {
  const target = parseDockerHost(dockerHost);
  if ('socketPath' in target && !existsSync(target.socketPath))
    return Promise.resolve({ state: 'silent', why: `${target.socketPath} does not exist` });
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', timeout: PING_LIMIT_MS }, (response) => {
      response.resume();
      if (response.statusCode !== 200) return resolve({ state: 'silent', why: `it answered ${response.statusCode}` });
      resolve({ state: 'answers' });
    });
    ping.on('timeout', () => ping.destroy(new Error(`no answer within ${PING_LIMIT_MS} ms`)));
    ping.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EACCES' ? { state: 'forbidden' } : { state: 'silent', why: error.message }),
    );
    ping.end();
  });
}
