import { readFileSync } from 'node:fs';

/** Of one process; empty when it is gone or another user's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** What the step runs: the last argument of its first process (`sh -c <command>`); undefined while the engine prepares it. */
export function commandOf([first]: readonly number[]): string | undefined {
  const words = first === undefined ? [] : read(first, 'cmdline').split('\0').slice(0, -1);
  return words[0]?.endsWith('runc') || words[0] === 'runc' ? undefined : words.at(-1);
}

/** Bytes that these processes, and those that ended under them, made the disk write. */
export function writtenBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + writtenBy(read(pid, 'io')), 0);
}

const writtenBy = (io: string): number => Math.max(0, field(io, 'write_bytes') - field(io, 'cancelled_write_bytes'));

const field = (io: string, name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);

/** With the first process of a step all others of its namespace go. */
export function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      if (pid > 1) process.kill(pid, 'SIGKILL'); // 0: a process of a namespace that is not ours to see
    } catch {
      // gone since its pid was read
    }
  }
}
