import { statfsSync } from 'node:fs';
import { Guarded, type GuardedBuild, type WatchedBuild } from './guarded-build.js';
import type { KernelLog, Refusal } from './kernel-log.js';
import type { StepCgroups, StepLimits } from './step-cgroups.js';
import { markersOf, writtenBytes } from './step-processes.js';

const TICK_MS = 50;
/** Space and what was written are looked at every so many ticks. */
const DISK_TICKS = 5;
/** How long after a build was stopped for want of space the next may be: its layers have to go first. */
const NEXT_VICTIM_MS = 10_000;
/** Of one step; a step with more is a fork bomb, and stopped for that. */
const PROCESSES_MEASURED = 512;

export interface GuardOptions {
  /** Undefined: the engine's cgroups are not to be seen from here, and only space is watched. */
  readonly steps:
    | { readonly cgroups: StepCgroups; readonly limits: StepLimits; readonly kernelLog: Pick<KernelLog, 'news'> }
    | undefined;
  /** A step that made the disk write more is stopped. */
  readonly maxWrittenBytes: number;
  readonly disk: {
    /** File systems that builds fill. */
    readonly paths: readonly string[];
    /** The build that writes most is stopped when less is free. */
    readonly reserveBytes: number;
  };
}

interface Step {
  readonly path: string;
  /** Undefined as long as the engine prepares it. */
  build: Guarded | 'of another agent' | undefined;
  written: number;
}

/**
 * Holds the steps of all builds of this agent within their limits, and tells a build when a step of it met one. A step that
 * lost a process, or could not start one, does not go on: what it would make is not what its Dockerfile says.
 */
export class StepGuard {
  readonly #builds = new Set<Guarded>();
  #steps = new Map<string, Step>();
  /** Of steps that were over before anybody saw whose they were. */
  #unclaimed: Refusal['what'][] = [];
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #victimAt = Number.NEGATIVE_INFINITY;

  constructor(readonly options: GuardOptions) {}

  watch(watched: WatchedBuild): GuardedBuild {
    const build = new Guarded(this.options, watched, {
      look: () => this.#look(),
      claim: (what) => this.#claim(what),
      over: () => this.#over(build),
    });
    this.#builds.add(build);
    this.#timer ??= setInterval(() => this.#look(), TICK_MS);
    return build;
  }

  #over(build: Guarded): void {
    this.#builds.delete(build);
    if (this.#builds.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#steps = new Map();
    this.#unclaimed = [];
  }

  #look(): void {
    this.#ticks += 1;
    this.#lookAtSteps();
    if (this.#ticks % DISK_TICKS === 0) this.#lookAtDisk();
  }

  #lookAtSteps(): void {
    const { steps } = this.options;
    if (!steps) return;
    const paths = steps.cgroups.list();
    for (const path of paths) {
      const step = this.#steps.get(path) ?? { path, build: undefined, written: 0 };
      this.#steps.set(path, step);
      if (!step.build) {
        steps.cgroups.limit(path, steps.limits);
        step.build = this.#ownerOf(steps.cgroups.processes(path));
      }
      const { outOfMemory, outOfProcesses } = steps.cgroups.refusals(path);
      if (step.build instanceof Guarded && outOfMemory > 0) step.build.met('memory');
      if (step.build instanceof Guarded && outOfProcesses > 0) step.build.met('processes');
    }
    for (const refusal of steps.kernelLog.news()) this.#hear(refusal);
    const there = new Set(paths);
    for (const path of this.#steps.keys()) if (!there.has(path)) this.#steps.delete(path);
  }

  #ownerOf(pids: readonly number[]): Step['build'] {
    const markers = markersOf(pids);
    if (markers === undefined) return undefined;
    return [...this.#builds].find((build) => markers.includes(build.marker)) ?? 'of another agent';
  }

  #hear({ what, cgroup }: Refusal): void {
    const step = this.#steps.get(cgroup);
    if (step?.build instanceof Guarded) step.build.met(what);
    else if (step?.build) return;
    else if (cgroup.startsWith(`${this.options.steps?.cgroups.parent}/`)) this.#unclaimed.push(what);
  }

  #claim(what: Refusal['what']): boolean {
    const at = this.#unclaimed.indexOf(what);
    if (at >= 0) this.#unclaimed.splice(at, 1);
    return at >= 0;
  }

  #lookAtDisk(): void {
    for (const step of this.#steps.values()) this.#measure(step);
    const { paths, reserveBytes } = this.options.disk;
    const free = Math.min(...paths.map(freeBytes));
    if (free >= reserveBytes || performance.now() - this.#victimAt < NEXT_VICTIM_MS) return;
    const [victim] = [...this.#builds].sort((one, other) => this.#writtenOf(other) - this.#writtenOf(one));
    if (!victim) return;
    this.#victimAt = performance.now();
    victim.met('space');
  }

  #measure(step: Step): void {
    const { steps, maxWrittenBytes } = this.options;
    if (!steps || !(step.build instanceof Guarded)) return;
    const pids = steps.cgroups.processes(step.path).slice(0, PROCESSES_MEASURED);
    step.written = Math.max(step.written, writtenBytes(pids));
    if (step.written > maxWrittenBytes) step.build.met('written');
  }

  #writtenOf(build: Guarded): number {
    return [...this.#steps.values()].reduce((sum, step) => sum + (step.build === build ? step.written : 0), 0);
  }
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // not to be seen from here
  }
}
