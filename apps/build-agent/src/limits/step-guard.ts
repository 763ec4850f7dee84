import { statfsSync } from 'node:fs';
import { BuildFailure } from '../builder/build-failure.js';
import { CODES, isNamedAfter, says, type Breach, type Limit } from './breach.js';
import type { Refusal, StepCgroups, StepLimits } from './step-cgroups.js';
import { commandOf, kill, writtenBytes } from './step-processes.js';

const TICK_MS = 50;
/** Space and what was written are looked at every so many ticks. */
const DISK_TICKS = 5;
/** How long after a build was stopped for want of space the next may be: its layers have to go first. */
const NEXT_VICTIM_MS = 10_000;
/** Of one step; a step with more is a fork bomb, and stopped for that. */
const PROCESSES_MEASURED = 512;
const REMEMBERED_BREACHES = 100;
/** A limit may be met before it is heard that the step has begun: that waits its turn behind the log, ms. */
const HEARD_LATE_MS = 2_000;
/** Exit code of what was killed. */
const KILLED = 137;

export interface GuardOptions {
  /** Undefined: the engine's cgroups are not to be seen from here, and only space is watched. */
  readonly steps: { readonly cgroups: StepCgroups; readonly limits: StepLimits } | undefined;
  /** A step that made the disk write more is stopped. */
  readonly maxWrittenBytes: number;
  readonly disk: {
    /** File systems that builds fill. */
    readonly paths: readonly string[];
    /** What writes most is stopped when less is free. */
    readonly reserveBytes: number;
  };
}

/** A build that is watched, until it is disposed of. */
export interface GuardedBuild extends Disposable {
  /**
   * What the engine says of a step that failed may only be how a limit looks from inside.
   * @param startedAt when it was heard that the step began, by `performance.now()`
   */
  explain(failure: BuildFailure, startedAt: number): BuildFailure;
}

interface Step {
  readonly path: string;
  command: string | undefined;
  limit: Limit | undefined;
  written: number;
}

/**
 * Holds the steps of an engine within their limits. A step that lost a process, or could not start one, does not go on:
 * what it would make is not what its Dockerfile says. It is killed, and the engine tells every build that waits for it:
 * builds that run the same step at once share it, so whose it is only the engine knows.
 */
export class StepGuard {
  /** What stops each build. */
  readonly #builds = new Set<(failure: BuildFailure) => void>();
  #steps = new Map<string, Step>();
  #breaches: readonly Breach[] = [];
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #victimAt = Number.NEGATIVE_INFINITY;

  constructor(readonly options: GuardOptions) {}

  /** @param stop for a limit that is met where no step can be seen */
  watch(stop: (failure: BuildFailure) => void): GuardedBuild {
    if (this.#builds.size === 0) this.options.steps?.cgroups.news(); // while nothing was watched
    this.#builds.add(stop);
    this.#timer ??= setInterval(() => this.#look(), TICK_MS);
    const begunAt = performance.now();
    return {
      explain: (failure, startedAt) => this.#explain(failure, { begunAt, startedAt }),
      [Symbol.dispose]: () => this.#over(stop),
    };
  }

  #over(stop: (failure: BuildFailure) => void): void {
    this.#builds.delete(stop);
    if (this.#builds.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#steps = new Map();
    this.#breaches = [];
  }

  #explain(
    failure: BuildFailure,
    { begunAt, startedAt }: { readonly begunAt: number; readonly startedAt: number },
  ): BuildFailure {
    const { code, step } = failure;
    if (code !== 'DOCKERFILE_STEP_FAILED' || step?.exitCode === undefined) return failure;
    this.#look(); // the engine may have been quicker than the next look
    const since = (ms: number): readonly Breach[] => this.#breaches.filter(({ at }) => at >= Math.max(ms, begunAt));
    const own = since(begunAt).find(({ command }) => command !== undefined && isNamedAfter(step.name, command));
    const breach = own ?? (step.exitCode === KILLED ? since(startedAt - HEARD_LATE_MS)[0] : undefined);
    if (!breach) return failure;
    return new BuildFailure(CODES[breach.limit], says(breach.limit, this.options), { step, cause: failure });
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
    for (const path of paths) this.#lookAt(path, steps);
    for (const refusal of steps.cgroups.news()) this.#hear(refusal);
    const there = new Set(paths);
    for (const path of this.#steps.keys()) if (!there.has(path)) this.#steps.delete(path);
  }

  #lookAt(path: string, { cgroups, limits }: NonNullable<GuardOptions['steps']>): void {
    const step = this.#steps.get(path) ?? newStep(path);
    this.#steps.set(path, step);
    if (step.command === undefined) {
      const isWithin = cgroups.limit(path, limits); // until its command runs: some of its files are made later than others
      if (!isWithin) this.#met(step, 'memory');
      step.command = commandOf(cgroups.processes(path));
    }
    const { outOfMemory, outOfProcesses } = cgroups.refusals(path);
    if (outOfMemory > 0) this.#met(step, 'memory');
    if (outOfProcesses > 0) this.#met(step, 'processes');
    if (step.limit) kill(cgroups.processes(path)); // again, until it is gone
  }

  #hear({ what, cgroup }: Refusal): void {
    this.#met(this.#steps.get(cgroup) ?? newStep(cgroup), what);
  }

  #met(step: Step, limit: Limit): void {
    if (step.limit) return;
    step.limit = limit;
    const breach = { limit, command: step.command, at: performance.now() };
    this.#breaches = [...this.#breaches, breach].slice(-REMEMBERED_BREACHES);
    kill(this.options.steps?.cgroups.processes(step.path) ?? []);
  }

  #lookAtDisk(): void {
    for (const step of this.#steps.values()) this.#measure(step);
    const { paths, reserveBytes } = this.options.disk;
    const free = Math.min(...paths.map(freeBytes));
    if (free >= reserveBytes || performance.now() - this.#victimAt < NEXT_VICTIM_MS) return;
    this.#victimAt = performance.now();
    const [most] = [...this.#steps.values()].sort((one, other) => other.written - one.written);
    if (most) return this.#met(most, 'space');
    const stop = [...this.#builds].at(-1);
    stop?.(new BuildFailure(CODES.space, says('space', this.options)));
  }

  #measure(step: Step): void {
    const pids = this.options.steps?.cgroups.processes(step.path).slice(0, PROCESSES_MEASURED) ?? [];
    step.written = Math.max(step.written, writtenBytes(pids));
    if (step.written > this.options.maxWrittenBytes) this.#met(step, 'written');
  }
}

const newStep = (path: string): Step => ({
  path,
  command: undefined,
  limit: undefined,
  written: 0,
});

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // not to be seen from here
  }
}
