import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshHost } from './remote.js';

/** What opens a repository over ssh. */
export interface DeployKey {
  /** OpenSSH format, one line. */
  readonly publicKey: string;
  /** OpenSSH format. Whoever makes it wipes it. */
  readonly privateKey: Buffer;
  /** `<type> <base64>`: the only keys that the host may show. None: it is not spoken to. */
  readonly hostKeys: readonly string[];
}

export interface SshSessionOptions {
  readonly host: SshHost;
  /** Where it is reached, whatever its name; undefined: ssh looks it up. */
  readonly address: string | undefined;
  /** Existing directory in which the session's own is made; gone afterwards. */
  readonly parent: string;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/** How long a host has to accept the connection, and how long it may then say nothing, seconds. */
const CONNECT_TIMEOUT_S = 15;
const ALIVE_INTERVAL_S = 15;
const ALIVE_COUNT = 4;
/** The ssh-agent forgets the key by itself after so long, should nobody end it, seconds. */
const KEY_LIFETIME_S = 3_600;

/**
 * ssh with no will of its own: no configuration, no other key, no other host key, no password, nothing forwarded, nobody asked.
 * File names are those of the session's directory, in which it starts. Source: ssh_config(5).
 */
const SSH_OPTIONS = [
  'BatchMode=yes',
  'IdentitiesOnly=yes',
  'IdentityFile=key.pub', // the public half: it names which key of the ssh-agent to use
  'PreferredAuthentications=publickey',
  'StrictHostKeyChecking=yes',
  'UserKnownHostsFile=known_hosts',
  'GlobalKnownHostsFile=/dev/null',
  'VerifyHostKeyDNS=no',
  'UpdateHostKeys=no',
  'CheckHostIP=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'PermitLocalCommand=no',
  'ControlMaster=no',
  'ControlPath=none',
  `ConnectTimeout=${CONNECT_TIMEOUT_S}`,
  `ServerAliveInterval=${ALIVE_INTERVAL_S}`,
  `ServerAliveCountMax=${ALIVE_COUNT}`,
] as const;

/**
 * Runs `use` with an ssh-agent of its own that holds the key. `use` gets the variables that make git reach it. The key
 * goes to it over a pipe: it is in no file, no variable and no command line. When the promise settles, the ssh-agent is
 * dead and its directory gone; should this process be killed, the ssh-agent ends by itself within seconds.
 * @throws what `use` throws; when ssh-agent or ssh-add cannot be started
 */
export async function withSshSession<T>(
  { publicKey, privateKey, hostKeys }: DeployKey,
  { host, address, parent, signal, environment }: SshSessionOptions,
  use: (variables: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(parent, 'ssh-')); // mode 700
  try {
    await writeFile(join(directory, 'key.pub'), `${publicKey}\n`, { mode: 0o600 });
    const knownHosts = hostKeys.map((key) => `${host.knownAs} ${key}\n`).join('');
    await writeFile(join(directory, 'known_hosts'), knownHosts, { mode: 0o600 });
    const env = { PATH: environment['PATH'], HOME: directory, LC_ALL: 'C', SSH_AUTH_SOCK: SOCKET };
    const agent = await startAgent(directory, env);
    try {
      signal.throwIfAborted();
      await addKey(privateKey, directory, env);
      return await use({
        GIT_SSH_COMMAND: sshCommand(directory, [...SSH_OPTIONS, ...pinned(host, address)]),
        GIT_SSH_VARIANT: 'ssh',
      });
    } finally {
      await agent.end();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Relative, as the path of a socket has 107 bytes at most: whoever uses it starts in the directory. */
const SOCKET = 'agent';

/** The host key stays that of the name. Source: ssh_config(5). */
const pinned = ({ knownAs }: SshHost, address: string | undefined): readonly string[] =>
  address === undefined ? [] : [`HostName=${address}`, `HostKeyAlias=${knownAs}`];

/** The shell of git runs it with the host and what to do there as arguments. */
const sshCommand = (directory: string, options: readonly string[]): string =>
  `cd ${quoted(directory)} && SSH_AUTH_SOCK=${SOCKET} exec ssh -F /dev/null -T ${options.map((option) => `-o ${quoted(option)}`).join(' ')}`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** ssh-agent lives as long as its command, and the command as long as the pipe to this process is open. */
const COMMAND = 'echo "$SSH_AGENT_PID"; exec cat >/dev/null';

async function startAgent(cwd: string, env: NodeJS.ProcessEnv): Promise<{ readonly end: () => Promise<void> }> {
  const command = spawn('ssh-agent', ['-a', SOCKET, 'sh', '-c', COMMAND], {
    cwd,
    env,
    detached: true, // not in the way of signals to this process's group
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = endOf(command);
  const [first] = await Promise.race([
    once(command.stdout, 'data') as Promise<[Buffer]>,
    ended.then(() => Promise.reject(new Error('ssh-agent cannot be started'))),
  ]);
  const pid = Number.parseInt(first.toString(), 10);
  return {
    end: async () => {
      if (pid > 0) kill(pid);
      command.stdin.destroy();
      await ended;
    },
  };
}

/** It is a child of its command, which runs still: nobody else can have been given its id. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

async function addKey(privateKey: Buffer, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('ssh-add', ['-q', '-t', String(KEY_LIFETIME_S), '-'], {
    cwd,
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.on('error', () => {}); // its exit code tells
  child.stdin.end(privateKey);
  const code = await endOf(child);
  if (code !== 0) throw new Error(`ssh-add refused the deploy key: ${said.trim()}`);
}

/** The exit code. @throws when the program cannot be started */
async function endOf(child: ChildProcess): Promise<number | null> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  } catch (cause) {
    throw new Error(`${child.spawnfile} cannot be started`, { cause });
  }
}
