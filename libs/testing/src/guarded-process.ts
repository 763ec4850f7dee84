import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

export interface GuardedProcess {
  readonly pid: number;
  /** Resolves when the process is gone, with its exit code (128 + signal when killed). */
  readonly exited: Promise<number>;
  /** Aborted when the process is gone: ends waits for what it will never do. */
  readonly gone: AbortSignal;
  /** The newest lines of both outputs, for error messages. */
  readonly lastLines: () => string;
  /** SIGTERM, then SIGKILL after a limit. */
  readonly stop: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
}

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

/**
 * The shell tells the child's pid on descriptor 3 and kills it when its own standard input ends, which the system
 * closes however this process dies.
 */
const GUARD = `
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
child=$!
echo $child >&3
exec 3>&-
(read -r _ <&4; kill -KILL $child) 2>/dev/null &
guard=$!
wait $child
code=$?
kill -KILL $guard 2>/dev/null
exit $code
`;

const STOP_LIMIT_MS = 10_000;
const LINES_KEPT = 40;

/** A child process that never outlives this one. */
export async function spawnGuarded({ command, args, env, onLine }: GuardedCommand): Promise<GuardedProcess> {
  const shell = spawn('/bin/sh', ['-c', GUARD, 'guard', command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    onLine?.(line);
  };
  for (const output of [shell.stdout, shell.stderr]) createInterface({ input: output as Readable }).on('line', keep);
  const gone = new AbortController();
  const exited = new Promise<number>((resolve, reject) => {
    shell.once('exit', (code, signal) => {
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 1));
      gone.abort(new Error('The process is gone'));
    });
    shell.once('error', reject);
  });
  const pid = await readPid(shell.stdio[3] as Readable);
  const send = (signal: NodeJS.Signals): void => {
    if (gone.signal.aborted) return; // the system may have given the pid to somebody else
    try {
      process.kill(pid, signal);
    } catch {
      // it ended, and the shell has yet to say so
    }
  };
  return {
    pid,
    exited,
    gone: gone.signal,
    lastLines: () => lines.join('\n'),
    async stop() {
      send('SIGTERM');
      const limit = new AbortController();
      await Promise.race([exited, pause(STOP_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => {})]);
      limit.abort();
      send('SIGKILL');
      await exited;
    },
    async kill() {
      send('SIGKILL');
      await exited;
    },
  };
}

async function readPid(output: Readable): Promise<number> {
  let text = '';
  for await (const chunk of output) text += String(chunk);
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) throw new Error('The guard did not start its child');
  return pid;
}
