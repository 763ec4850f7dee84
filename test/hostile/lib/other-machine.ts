import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@slipway/testing';

const PORT = 8080;
const DATAGRAM = 'datagram';
const SYSTEM_PATH = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** A network namespace that looks like another machine: a server with a public address and a private one. */
export interface OtherMachine {
  readonly port: number;
  /** Of AS112 (RFC 7534): a public address that nobody needs. Only this machine has a way to it while the test runs. */
  readonly publicAddress: string;
  readonly privateAddresses: readonly string[];
  /** Addresses that somebody connected to, as often as they did. */
  readonly reached: () => readonly string[];
  /** How many datagrams have come to the port of name servers. */
  readonly asked: () => number;
  readonly stop: () => void;
}

const SERVER = `
  require('node:net').createServer((socket) => {
    require('node:fs').appendFileSync(process.argv[1], socket.localAddress + '\\n');
    socket.on('error', () => {}).end('HTTP/1.0 200 OK\\r\\n\\r\\nother machine\\n');
  }).listen(${PORT}, '0.0.0.0');
  const names = require('node:dgram').createSocket('udp4');
  names.on('message', () => require('node:fs').appendFileSync(process.argv[1], '${DATAGRAM}\\n'));
  names.bind(53);
`;

/** Needs root, and the `ip` tool. */
export async function startOtherMachine(): Promise<OtherMachine> {
  const name = `slw${randomBytes(4).toString('hex')}`;
  const directory = temporaryDirectory();
  const heard = join(directory.path, 'heard');
  const third = randomBytes(1)[0]!;
  const publicAddress = `192.175.48.${(third % 250) + 1}`;
  const metadata = `169.254.77.${(third % 250) + 1}`; // like a cloud's, which this machine may itself need
  const gateway = `10.253.${third}.1`;
  const inside = `10.253.${third}.2`;
  ip(`netns add ${name}`);
  try {
    ip(`link add ${name} type veth peer name eth0 netns ${name}`);
    ip(`address add ${gateway}/30 dev ${name}`);
    ip(`link set ${name} up`);
    for (const address of [`${inside}/30`, `${publicAddress}/32`, `${metadata}/32`])
      ip(`-n ${name} address add ${address} dev eth0`);
    ip(`-n ${name} link set eth0 up`);
    ip(`-n ${name} route add default via ${gateway}`);
    for (const address of [publicAddress, metadata]) ip(`route add ${address}/32 via ${inside} dev ${name}`);
  } catch (error) {
    remove(name);
    throw error;
  }
  const server = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', SERVER, heard], {
    stdio: 'ignore',
    env: { ...SYSTEM_PATH, NODE_OPTIONS: '' },
  });
  await until(() => ip(`netns exec ${name} ss -ltn`).includes(`:${PORT}`));
  return {
    port: PORT,
    publicAddress,
    privateAddresses: [inside, metadata],
    reached: () => readLines(heard).filter((line) => line !== DATAGRAM),
    asked: () => readLines(heard).filter((line) => line === DATAGRAM).length,
    stop: () => {
      server.kill('SIGKILL');
      remove(name);
      directory.remove();
    },
  };
}

function remove(name: string): void {
  ip(`netns delete ${name}`); // its interfaces and the routes to them go with it
}

const ip = (command: string): string =>
  execFileSync('ip', command.split(' '), { encoding: 'utf8', env: SYSTEM_PATH, stdio: ['ignore', 'pipe', 'pipe'] });

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
