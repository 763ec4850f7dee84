import { spawn, type ChildProcess } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { resolve, sep } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { killGroup } from './http-backend.js';

const { Server, utils } = ssh2;

export interface SshGitServerOptions {
  /** Folder of the bare repositories: that of a `startGitServer` serves the same ones. */
  readonly root: string;
  /** OpenSSH lines. Asked at each login, so that keys come and go. */
  readonly authorizedKeys: () => readonly string[];
  /** Default: ed25519. */
  readonly hostKeyType?: 'ed25519' | 'rsa';
}

export interface SshGitServer {
  readonly port: number;
  /** `ssh://git@127.0.0.1:<port>` */
  readonly url: string;
  /** OpenSSH line, without a comment. */
  readonly hostKey: string;
  /** Commands that were asked for, in order; also the refused. */
  readonly commands: readonly string[];
  stop(): Promise<void>;
}

/** A fresh ed25519 pair in OpenSSH format. */
export function makeSshKey(): { readonly publicKey: string; readonly privateKey: Buffer } {
  const pair = utils.generateKeyPairSync('ed25519');
  return { publicKey: pair.public.trim(), privateKey: Buffer.from(pair.private) };
}

/** Serves git repositories over ssh on loopback, to those whose key is authorized, and nothing but `git-upload-pack`. */
export async function startSshGitServer(options: SshGitServerOptions): Promise<SshGitServer> {
  const { hostKeyType = 'ed25519' } = options;
  const key =
    hostKeyType === 'rsa' ? utils.generateKeyPairSync('rsa', { bits: 3_072 }) : utils.generateKeyPairSync('ed25519');
  const clients = new Set<Connection>();
  const children = new Set<ChildProcess>();
  const commands: string[] = [];
  const server = new Server({ hostKeys: [key.private] }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => {}); // it went away
    client.on('authentication', (attempt) => answerLogin(attempt, options.authorizedKeys()));
    client.on('session', (accept) => {
      accept().on('exec', (acceptCommand, _refuse, { command }) => {
        commands.push(command);
        serveCommand(acceptCommand(), command, options.root, children);
      });
    });
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `ssh://git@127.0.0.1:${port}`,
    hostKey: key.public.trim().split(' ').slice(0, 2).join(' '),
    commands,
    stop: async () => {
      for (const child of children) killGroup(child);
      for (const client of clients) client.end();
      await new Promise<void>((closed) => void server.close(() => closed()));
    },
  };
}

/** The server asks twice: whether the key would do, then for the proof. */
function answerLogin(attempt: AuthContext, authorizedKeys: readonly string[]): void {
  if (attempt.method !== 'publickey' || attempt.username !== 'git') return attempt.reject(['publickey']);
  for (const line of authorizedKeys) {
    const known = utils.parseKey(line);
    if (known instanceof Error || !known.getPublicSSH().equals(attempt.key.data)) continue;
    const isProven =
      !attempt.signature || !attempt.blob || known.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
    return isProven ? attempt.accept() : attempt.reject();
  }
  attempt.reject(['publickey']);
}

function serveCommand(channel: ServerChannel, command: string, root: string, children: Set<ChildProcess>): void {
  const [, path] = /^git[ -]upload-pack '\/?([^']+)'$/.exec(command) ?? [];
  const directory = path === undefined ? undefined : resolve(root, path);
  if (!directory?.startsWith(root + sep)) {
    channel.stderr.end('ERROR: Repository not found.\n');
    channel.exit(1);
    return void channel.end();
  }
  const child = spawn('git', ['upload-pack', '--strict', '--', directory], {
    detached: true,
    env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1', ...SAFE_DIRECTORY },
    stdio: 'pipe',
  });
  children.add(child);
  child.stdin.on('error', () => {}); // the client sent more than git wanted
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on('close', () => killGroup(child));
  child.on('close', (code) => {
    children.delete(child);
    channel.exit(code ?? 1);
    channel.end();
  });
}

const SAFE_DIRECTORY = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
} as const;
