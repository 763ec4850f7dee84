import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LineSplitter } from '@slipway/platform';

export interface GitRun {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** git waits while the promise is open. */
  readonly onOutput: (line: string) => Promise<void> | void;
  /** Standard error: progress, and what went wrong. */
  readonly onMessage: (line: string) => Promise<void> | void;
}

/**
 * Runs git in a process group of its own and answers its exit code. When the promise settles, no process of the group is
 * left: an abort, a line handler that throws, and git's own end all kill the group.
 * @throws the signal's reason; what a line handler threw; when git cannot be started
 */
export async function runGit(args: readonly string[], run: GitRun): Promise<number> {
  run.signal.throwIfAborted();
  const child = spawn('git', args, {
    cwd: run.directory,
    env: run.environment,
    detached: true, // a group of its own
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => killGroup(child);
  const stop = (): void => {
    kill();
    child.stdout.destroy(); // else a line handler that waits would hold the end of git back
    child.stderr.destroy();
  };
  run.signal.addEventListener('abort', stop);
  child.once('exit', kill); // what it left running would keep the pipes open
  try {
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const streams = [
      eachLine(child.stdout, run.onOutput, run.signal),
      eachLine(child.stderr, run.onMessage, run.signal),
    ];
    for (const stream of streams) stream.catch(kill);
    const [code, killedBy] = await ended.catch((error: unknown) => {
      throw new Error('git cannot be started', { cause: error });
    });
    run.signal.throwIfAborted();
    await Promise.all(streams);
    run.signal.throwIfAborted();
    if (code === null) throw new Error(`git was killed by ${killedBy}`);
    return code;
  } finally {
    run.signal.removeEventListener('abort', stop);
  }
}

/** SIGKILL at once: nothing git could tidy up is kept, the whole workspace goes. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // the group is gone
  }
}

async function eachLine(stream: AsyncIterable<Buffer>, take: GitRun['onOutput'], signal: AbortSignal): Promise<void> {
  const splitter = new LineSplitter();
  const takeAll = async (lines: readonly string[]): Promise<void> => {
    for (const line of lines) {
      signal.throwIfAborted();
      await take(line);
    }
  };
  for await (const chunk of stream) await takeAll(splitter.push(chunk));
  await takeAll(splitter.end());
}
