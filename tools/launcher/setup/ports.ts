import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Problem } from '../problem.js';

/** Below the range that the kernel gives to outgoing connections, so that a port stays free until it is bound again. */
const RANGE = { first: 12_000, last: 31_999 } as const;

const handedOut = new Set<number>();

/** Binds for a moment. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Ports that are free now, each given to one caller of this process only. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(RANGE.first, RANGE.last + 1);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** A port of ours and the variable that moves it. */
export interface NamedPort {
  readonly what: string;
  readonly port: number;
  readonly variable: string;
}

/** @throws Problem naming every taken port and its variable */
export async function requireFree(ports: readonly NamedPort[]): Promise<void> {
  const free = await Promise.all(ports.map(({ port }) => isFree(port)));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const list = taken.map(({ what, port, variable }) => `  ${port} (${what}): set ${variable} to another port`);
  throw new Problem(`ports taken by another program:\n${list.join('\n')}`);
}

/** @throws Problem when the variable holds no port */
export function portFrom(env: NodeJS.ProcessEnv, variable: string, fallback: number): number {
  const text = env[variable];
  if (!text) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Problem(`${variable}=${text} is not a port (1 to 65535).`);
}
