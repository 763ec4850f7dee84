import type { BuildEvent } from '@slipway/contracts';
import type { Position } from '@slipway/event-store';

export interface OpenBuild {
  readonly buildId: string;
  readonly namespace: string;
  readonly repoName: string;
  readonly buildNode: string;
  readonly requestedAt: string;
  /** Start here to see the build's request again. `undefined`: from the very first event. */
  readonly before: Position | undefined;
  /** No agent has it. */
  readonly isQueued: boolean;
}

/** What an event means for the queue: a job has to be offered, or is not needed any more. */
export interface QueueChange {
  readonly kind: 'offer' | 'withdraw';
  readonly build: OpenBuild;
}

/** Of one namespace. */
export interface BuildCounts {
  readonly queued: number;
  readonly running: number;
}
const NONE: BuildCounts = { queued: 0, running: 0 };

interface Waiter {
  readonly position: Position;
  readonly resolve: (reached: boolean) => void;
}

/** The builds that have not ended, as far as `$all` was followed. */
export class OpenBuilds {
  readonly #builds = new Map<string, OpenBuild>();
  readonly #counts = new Map<string, BuildCounts>();
  #isComplete = false;
  #whenComplete: readonly (() => void)[] = [];
  #seen: Position | undefined;
  #waiting: readonly Waiter[] = [];

  /** From the start: everything up to `start` is known to have left no build open. */
  begin(start: Position | undefined): void {
    if (start !== undefined) this.seen(start);
  }

  /** Everything after this position is needed to know the open builds again. */
  get restartAfter(): Position | undefined {
    const [oldest] = this.#builds.values();
    return oldest ? oldest.before : this.#seen;
  }

  get(buildId: string): OpenBuild | undefined {
    return this.#builds.get(buildId);
  }

  countsOf(namespace: string): BuildCounts {
    return this.#counts.get(namespace) ?? NONE;
  }

  /** All that had happened before this one started to follow is counted. */
  complete(): void {
    this.#isComplete = true;
    for (const resolve of this.#whenComplete) resolve();
    this.#whenComplete = [];
  }

  /** Resolves true once it is complete, false after `limitMs`. */
  completes(limitMs: number): Promise<boolean> {
    if (this.#isComplete) return Promise.resolve(true);
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => resolve(false), limitMs);
      const done = (): void => {
        clearTimeout(giveUp);
        resolve(true);
      };
      this.#whenComplete = [...this.#whenComplete, done];
    });
  }

  all(): readonly OpenBuild[] {
    return [...this.#builds.values()];
  }

  queued(): readonly OpenBuild[] {
    return this.all().filter(({ isQueued }) => isQueued);
  }

  seen(position: Position): void {
    this.#seen = position;
    if (this.#waiting.length === 0) return;
    for (const waiter of this.#waiting) if (waiter.position <= position) waiter.resolve(true);
    this.#waiting = this.#waiting.filter((waiter) => waiter.position > position);
  }

  hasSeen(position: Position): boolean {
    return this.#seen !== undefined && this.#seen >= position;
  }

  /** Resolves true once everything up to `position` is counted, false after `limitMs`. */
  reaches(position: Position, limitMs: number): Promise<boolean> {
    if (this.hasSeen(position)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        resolve(false);
      }, limitMs);
      const waiter: Waiter = {
        position,
        resolve: (reached) => {
          clearTimeout(giveUp);
          resolve(reached);
        },
      };
      this.#waiting = [...this.#waiting, waiter];
    });
  }

  /** Answers what this event means for the queue. */
  apply(event: BuildEvent, position: Position): QueueChange | undefined {
    const change = this.#fold(event, this.#seen);
    this.seen(position);
    return change;
  }

  #fold({ type, data }: BuildEvent, before: Position | undefined): QueueChange | undefined {
    const { buildId } = data;
    switch (type) {
      case 'BuildRequested': {
        const { namespace, repoName, buildNode } = data.spec;
        const requestedAt = data.at;
        const open = { buildId, namespace, repoName, buildNode, requestedAt, before, isQueued: true };
        this.#put(buildId, open);
        return { kind: 'offer', build: open };
      }
      case 'AttemptLeased':
        this.#mark(buildId, false);
        return undefined;
      case 'AttemptLost':
        this.#mark(buildId, true);
        return undefined;
      case 'BuildSucceeded':
      case 'BuildFailed':
        this.#put(buildId, undefined);
        return undefined;
      case 'BuildCancelled': {
        const build = this.#builds.get(buildId);
        this.#put(buildId, undefined);
        return build?.isQueued ? { kind: 'withdraw', build } : undefined; // else its agent settles the job
      }
      case 'SourceResolved':
      case 'StepAdvanced':
      case 'ImagePushed':
      case 'TagsMoved':
      case 'CancelRequested':
      case 'BuildRemoved':
        return undefined;
    }
  }

  #mark(buildId: string, isQueued: boolean): void {
    const open = this.#builds.get(buildId);
    if (open) this.#put(buildId, { ...open, isQueued });
  }

  /** The only way that a build changes, so that the counts follow. */
  #put(buildId: string, after: OpenBuild | undefined): void {
    const before = this.#builds.get(buildId);
    if (before) this.#count(before, -1);
    if (after) this.#count(after, 1);
    if (after) this.#builds.set(buildId, after);
    else this.#builds.delete(buildId);
  }

  #count({ namespace, isQueued }: OpenBuild, by: 1 | -1): void {
    const { queued, running } = this.countsOf(namespace);
    const counts = isQueued ? { queued: queued + by, running } : { queued, running: running + by };
    if (counts.queued + counts.running === 0) this.#counts.delete(namespace);
    else this.#counts.set(namespace, counts);
  }
}
