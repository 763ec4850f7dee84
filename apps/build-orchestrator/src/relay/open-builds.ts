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

interface Waiter {
  readonly position: Position;
  readonly resolve: (reached: boolean) => void;
}

/** The builds that have not ended, as far as `$all` was followed. */
export class OpenBuilds {
  readonly #builds = new Map<string, OpenBuild>();
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

  /** Resolves true once everything up to `position` is counted, false after `limitMs`. */
  reaches(position: Position, limitMs: number): Promise<boolean> {
    if (this.#seen !== undefined && this.#seen >= position) return Promise.resolve(true);
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
        this.#builds.set(buildId, open);
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
        this.#builds.delete(buildId);
        return undefined;
      case 'BuildCancelled': {
        const build = this.#builds.get(buildId);
        this.#builds.delete(buildId);
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
    if (open) this.#builds.set(buildId, { ...open, isQueued });
  }
}
