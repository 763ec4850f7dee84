import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';

const hook = fileURLToPath(new URL('../../../tools/ts-hook.mjs', import.meta.url));
const autocannon = fileURLToPath(import.meta.resolve('autocannon'));
/** Of /proc/<pid>/stat: it is 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** A server in a process of its own. */
export interface Served {
  readonly url: string;
  /** Of the whole process since it began, ms. */
  readonly cpuMs: () => number;
  readonly stop: () => Promise<void>;
}

/** Runs a TypeScript program; `urlIn` finds the URL in a line of its output. */
export async function serve(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  urlIn: (line: string) => string | undefined,
): Promise<Served> {
  const child = spawn(process.execPath, ['--import', hook, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const url = await firstUrl(child, urlIn);
  child.stdout?.resume();
  return {
    url,
    cpuMs: () => cpuMsOf(child.pid),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function firstUrl(child: ChildProcess, urlIn: (line: string) => string | undefined): Promise<string> {
  if (child.stdout)
    for await (const line of createInterface({ input: child.stdout })) {
      const url = urlIn(line);
      if (url !== undefined) return url;
    }
  throw new Error('The server ended before it listened');
}

/** User and system time. Source: proc_pid_stat(5), fields 14 and 15; the name in brackets may hold anything. */
export function cpuMsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1_000;
}

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  /** Of a POST; without it the requests are GETs. */
  readonly body?: unknown;
}

/** autocannon in a process of its own. @throws when an answer is not a 2xx */
export async function load({ url, token, connections, seconds, body }: LoadOptions): Promise<Load> {
  const post =
    body === undefined ? [] : ['-m', 'POST', '-H', 'content-type=application/json', '-b', JSON.stringify(body)];
  const args = ['-j', '-c', `${connections}`, '-d', `${seconds}`, '-H', `authorization=Token ${token}`, ...post, url];
  const child = spawn(process.execPath, [autocannon, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const told = JSON.parse(await text(child.stdout)) as {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly duration: number;
    readonly latency: { readonly p99: number };
  };
  if (told.non2xx + told.errors > 0) throw new Error(`${told.non2xx} bad answers, ${told.errors} errors from ${url}`);
  return { requests: told['2xx'], perSecond: told['2xx'] / told.duration, p99Ms: told.latency.p99 };
}
