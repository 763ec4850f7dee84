import { closeSync, constants, openSync, readSync } from 'node:fs';

export interface Refusal {
  readonly what: 'memory' | 'processes';
  /** As the kernel names it, from the root on. */
  readonly cgroup: string;
}

const RECORD_MAX_BYTES = 16_384; // the kernel refuses to read into less than a record

/**
 * What the kernel says of cgroups that met a limit. It outlives the cgroup, whose own counters are gone with the step's last
 * process. Where this process may not read it, nothing is heard.
 */
export class KernelLog implements Disposable {
  readonly #file: number | undefined;
  readonly #buffer = Buffer.alloc(RECORD_MAX_BYTES);

  constructor(path = '/dev/kmsg') {
    this.#file = open(path);
    this.news(); // of the past
  }

  /** Since the last time. */
  news(): readonly Refusal[] {
    const found: Refusal[] = [];
    for (let record = this.#next(); record !== undefined; record = this.#next()) {
      const refusal = refusalIn(record);
      if (refusal) found.push(refusal);
    }
    return found;
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #next(): string | undefined {
    if (this.#file === undefined) return undefined;
    for (;;) {
      try {
        const bytes = readSync(this.#file, this.#buffer);
        return bytes === 0 ? undefined : this.#buffer.toString('utf8', 0, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') return undefined; // EAGAIN: no more for now
      } // EPIPE: records were overwritten before they were read, the next ones are there
    }
  }
}

/** @see Linux: mm/oom_kill.c `dump_oom_victim`, kernel/cgroup/pids.c `pids_event` */
export function refusalIn(record: string): Refusal | undefined {
  const memory = /oom-kill:.*\btask_memcg=([^,\n]+)/.exec(record)?.[1];
  if (memory !== undefined) return { what: 'memory', cgroup: memory };
  const processes = /fork rejected by pids controller in (\S+)/.exec(record)?.[1];
  return processes === undefined ? undefined : { what: 'processes', cgroup: processes };
}

function open(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
