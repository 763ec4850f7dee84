import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of one step of a Dockerfile. */
export interface StepLimits {
  readonly memoryBytes: number;
  /** Processes and threads at once. */
  readonly processes: number;
  /** Cores; undefined: as many as there are. */
  readonly cpus: number | undefined;
}

/** How often the kernel has refused something to a cgroup, since it was made. */
export interface Refusals {
  readonly outOfMemory: number;
  readonly outOfProcesses: number;
}

const CPU_PERIOD_US = 100_000;

/**
 * The cgroups of the steps that run in an engine on this machine: one a step, below the parent that the engine was started
 * with. BuildKit takes no limits with a request, so they are written into the cgroup once it is there; until then, and
 * for all steps together, those of the parent hold.
 *
 * Everything is read and written at once, without awaiting: a step that forks must not outrun its limits. What is no longer
 * there is no error.
 */
export class StepCgroups {
  readonly #isUnified: boolean;

  /** @param parent as given to the engine's `--cgroup-parent`: `/slipway` */
  constructor(
    readonly parent: string,
    readonly root = '/sys/fs/cgroup',
  ) {
    this.#isUnified = existsSync(join(root, 'cgroup.controllers'));
  }

  /** Paths of cgroups from the root on, as the kernel names them: `/slipway/buildkit/x1y2`. */
  list(): readonly string[] {
    const [own, buildkit] = [this.parent, join(this.parent, 'buildkit')];
    const classic = this.#children(own).filter((path) => path !== buildkit);
    return [...this.#children(buildkit), ...classic];
  }

  processes(path: string): readonly number[] {
    return read(this.#file('pids', path, 'cgroup.procs'))
      .split('\n')
      .filter(Boolean)
      .map(Number);
  }

  limit(path: string, { memoryBytes, processes, cpus }: StepLimits): void {
    const quota = cpus === undefined ? undefined : Math.round(cpus * CPU_PERIOD_US);
    this.#write('pids', path, 'pids.max', processes);
    if (this.#isUnified) {
      this.#write('memory', path, 'memory.max', memoryBytes);
      this.#write('memory', path, 'memory.swap.max', 0);
      if (quota !== undefined) this.#write('cpu', path, 'cpu.max', `${quota} ${CPU_PERIOD_US}`);
      return;
    }
    this.#write('memory', path, 'memory.limit_in_bytes', memoryBytes);
    this.#write('memory', path, 'memory.memsw.limit_in_bytes', memoryBytes); // after the other: never below it
    if (quota !== undefined) this.#write('cpu', path, 'cpu.cfs_quota_us', quota);
  }

  refusals(path: string): Refusals {
    const memory = this.#isUnified ? 'memory.events' : 'memory.oom_control';
    return {
      outOfMemory: counter(read(this.#file('memory', path, memory)), 'oom_kill'),
      outOfProcesses: counter(read(this.#file('pids', path, 'pids.events')), 'max'),
    };
  }

  #children(path: string): readonly string[] {
    try {
      const entries = readdirSync(this.#file('pids', path, ''), { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
    } catch {
      return []; // no step has run yet
    }
  }

  #write(controller: string, path: string, file: string, value: number | string): void {
    try {
      writeFileSync(this.#file(controller, path, file), String(value));
    } catch {
      // gone, or not there yet, or a controller that this kernel does not offer
    }
  }

  #file(controller: string, path: string, file: string): string {
    return this.#isUnified ? join(this.root, path, file) : join(this.root, controller, path, file);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const counter = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
