import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** Which process of which machine: numbers of processes mean something only within one boot and one namespace. */
interface ProcessName {
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
  /** In clock ticks since the boot: numbers come again. */
  readonly startedAt: string;
}

/** A name for one holder in this process, by which others of the same machine can tell that it has ended. */
export function nameOfHolder(): string {
  const { boot, namespace, pid, startedAt } = nameOfThis();
  return [boot, namespace, pid, startedAt, randomUUID()].join('/');
}

/** Certain, where it says so: the process that has this name ran on this machine, and runs no more. */
export function hasEnded(holder: string): boolean {
  const [boot = '', namespace = '', pid = '', startedAt = ''] = holder.split('/');
  const here = nameOfThis();
  if (boot === '' || boot !== here.boot || namespace !== here.namespace) return false;
  return startOf(Number(pid)) !== startedAt;
}

function nameOfThis(): ProcessName {
  try {
    return {
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      namespace: readlinkSync('/proc/self/ns/pid'),
      pid: process.pid,
      startedAt: startOf(process.pid) ?? '',
    };
  } catch {
    return { boot: '', namespace: '', pid: process.pid, startedAt: '' }; // no Linux: nothing can be told
  }
}

/** `undefined`: no such process, or one that has ended and is not yet taken off the list. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18]; // the 22nd of all; source: proc_pid_stat(5)
  } catch {
    return undefined;
  }
}
