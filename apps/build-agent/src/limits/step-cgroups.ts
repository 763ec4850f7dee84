import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

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

/** A step that is over had met a limit. */
export interface Refusal {
  readonly what: 'memory' | 'processes';
  /** From the root on; with cgroup v2 that of all steps, because no one knows which it was. */
  readonly cgroup: string;
}

/** What `deploy/engine/runc` leaves. */
const REFUSAL = /^(memory|process)-limit\.(.+)$/;
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
  #heard: ReadonlySet<string> = new Set();

  /** @param parent as given to the engine's `--cgroup-parent`: `/slipway` */
  constructor(
    readonly parent: string,
    readonly root = '/sys/fs/cgroup',
  ) {
    this.#isUnified = existsSync(join(root, 'cgroup.controllers'));
    this.news(); // of the past
  }

  /** Paths of cgroups from the root on, as the kernel names them: `/slipway/buildkit/x1y2`. */
  list(): readonly string[] {
    const [own, buildkit] = [this.parent, join(this.parent, 'buildkit')];
    const classic = this.#children('pids', own).filter((path) => path !== buildkit);
    return [...this.#children('pids', buildkit), ...classic];
  }

  /**
   * Of steps that are over, since the last time: their own counters went with them. In v2 the parent's counts theirs too;
   * in v1 each has left a cgroup that says so.
   */
  news(): readonly Refusal[] {
    const there = this.#isUnified ? this.#countedByParent() : this.#leftBehind();
    const news = [...there].filter(([name]) => !this.#heard.has(name));
    this.#heard = new Set(there.keys());
    return news.map(([, refusal]) => refusal);
  }

  processes(path: string): readonly number[] {
    return read(this.#file('pids', path, 'cgroup.procs'))
      .split('\n')
      .filter(Boolean)
      .map(Number);
  }

  /** @returns false when the step has more memory than that already */
  limit(path: string, { memoryBytes, processes, cpus }: StepLimits): boolean {
    const quota = cpus === undefined ? undefined : Math.round(cpus * CPU_PERIOD_US);
    this.#write('pids', path, 'pids.max', processes);
    if (this.#isUnified) {
      this.#write('memory', path, 'memory.oom.group', 1); // before the limit: no step outlives a part of itself
      this.#write('memory', path, 'memory.max', memoryBytes);
      this.#write('memory', path, 'memory.swap.max', 0);
      if (quota !== undefined) this.#write('cpu', path, 'cpu.max', `${quota} ${CPU_PERIOD_US}`);
      return true; // else the kernel makes room
    }
    const isWithin = this.#write('memory', path, 'memory.limit_in_bytes', memoryBytes) !== 'EBUSY';
    this.#write('memory', path, 'memory.memsw.limit_in_bytes', memoryBytes); // after the other: never below it
    if (quota !== undefined) this.#write('cpu', path, 'cpu.cfs_quota_us', quota);
    return isWithin;
  }

  refusals(path: string): Refusals {
    const memory = this.#isUnified ? 'memory.events' : 'memory.oom_control';
    return {
      outOfMemory: counter(read(this.#file('memory', path, memory)), 'oom_kill'),
      outOfProcesses: counter(read(this.#file('pids', path, 'pids.events')), 'max'),
    };
  }

  #countedByParent(): ReadonlyMap<string, Refusal> {
    const { outOfMemory } = this.refusals(this.parent);
    return new Map(outOfMemory > 0 ? [[`${outOfMemory}`, { what: 'memory', cgroup: this.parent }]] : []);
  }

  #leftBehind(): ReadonlyMap<string, Refusal> {
    const buildkit = join(this.parent, 'buildkit');
    return new Map(
      this.#children('memory', buildkit).flatMap((path): [string, Refusal][] => {
        const [name, what, id] = REFUSAL.exec(basename(path)) ?? [];
        if (name === undefined || id === undefined) return [];
        return [[name, { what: what === 'memory' ? 'memory' : 'processes', cgroup: join(buildkit, id) }]];
      }),
    );
  }

  #children(controller: string, path: string): readonly string[] {
    try {
      const entries = readdirSync(this.#file(controller, path, ''), { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
    } catch {
      return []; // no step has run yet
    }
  }

  /** @returns why not: gone, or not there yet, or a controller that this kernel does not offer, or it is exceeded already */
  #write(controller: string, path: string, file: string, value: number | string): string | undefined {
    try {
      writeFileSync(this.#file(controller, path, file), String(value));
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
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
