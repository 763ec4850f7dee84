import { randomUUID } from 'node:crypto';
import { BuildFailure, type BuildFailureCode, type FailedStep } from '../builder/build-failure.js';
import type { Refusal } from './kernel-log.js';
import type { GuardOptions } from './step-guard.js';

/** One build that is watched, until it is disposed of. */
export interface GuardedBuild extends Disposable {
  /** For `MARKER_VARIABLE`: known to this build alone, so that no other passes for it. */
  readonly marker: string;
  /** What the engine says of a step may only be how a limit looks from inside. */
  explain(failure: BuildFailure): BuildFailure;
}

export interface WatchedBuild {
  /** Is told once, with the limit that was met. */
  readonly stop: (failure: BuildFailure) => void;
  /** The step that it is at. */
  readonly step: () => FailedStep | undefined;
}

type Met = Refusal['what'] | 'space' | 'written';

const CODES: Record<Met, BuildFailureCode> = {
  memory: 'BUILD_MEMORY_LIMIT',
  processes: 'BUILD_PROCESS_LIMIT',
  space: 'BUILD_DISK_LIMIT',
  written: 'BUILD_DISK_LIMIT',
};
/** What the shell makes of a process that was killed. */
const KILLED = 137;

export class Guarded implements GuardedBuild {
  readonly marker = `${randomUUID()}.build.invalid`; // RFC 2606: no host has such a name
  #met: Met | undefined;

  constructor(
    readonly options: GuardOptions,
    readonly watched: WatchedBuild,
    readonly guard: { look(): void; claim(what: Refusal['what']): boolean; over(): void },
  ) {}

  met(what: Met): void {
    if (this.#met) return;
    this.#met = what;
    this.watched.stop(this.#failure(what, this.watched.step()));
  }

  explain(failure: BuildFailure): BuildFailure {
    if (failure.code !== 'DOCKERFILE_STEP_FAILED') return failure;
    this.guard.look(); // the engine may have been quicker than the next look
    const { step } = failure;
    const isKilled = step?.exitCode === KILLED;
    const met = this.#met ?? (isKilled && this.guard.claim('memory') ? 'memory' : undefined);
    return met ? this.#failure(met, step, { cause: failure }) : failure;
  }

  #failure(met: Met, step: FailedStep | undefined, options: ErrorOptions = {}): BuildFailure {
    return new BuildFailure(CODES[met], says(met, this.options), step ? { ...options, step } : options);
  }

  [Symbol.dispose](): void {
    this.guard.over();
  }
}

function says(met: Met, { steps, disk, maxWrittenBytes }: GuardOptions): string {
  switch (met) {
    case 'memory':
      return `The step needed more memory than the ${steps?.limits.memoryBytes} bytes that a step may have.`;
    case 'processes':
      return `The step started more processes than the ${steps?.limits.processes} that a step may have at once.`;
    case 'written':
      return `The step wrote more than the ${maxWrittenBytes} bytes that a step may write.`;
    case 'space':
      return `Less than ${disk.reserveBytes} bytes of the agent's disk were left, and this build was writing most.`;
  }
}
