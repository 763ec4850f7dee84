import { DEFAULT_PRIORITY, needsOf, type BuildEvent, type BuildEventOf } from '@slipway/contracts';
import type { Position } from '@slipway/event-store';

import { BuildQueue, type QueuedBuild } from '../queue/build-queue.js';

export interface OpenBuild extends QueuedBuild {
  readonly repoName: string;
  readonly requestedAt: string;
  /** Start here to see the build's request again. `undefined`: from the very first event. */
  readonly before: Position | undefined;
  /** Of the request's event: the job goes on with its trace. */
  readonly traceparent: string | undefined;
  /** Of the last attempt; 0: none yet. */
  readonly attempt: number;
  /** When the last attempt was leased. */
  readonly leasedAt: string | undefined;
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

  /** Is told of every change. */
  constructor(readonly queue: BuildQueue<OpenBuild> = new BuildQueue()) {}

  /** From the start: everything up to `start` is known to have left no build open. */
  begin(start: Position | undefined): void {
    if (start !== undefined) this.seen(start);
  }

  /** Everything after this position is needed to know the open builds again. */
  get restartAfter(): Position | undefined {
    const [oldest] = this.#builds.values();
    return oldest ? oldest.before : this.#seen;
  }

  /** The last position that was read. */
  get position(): Position | undefined {
    return this.#seen;
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

  /** Its job lies in the queue from now on. */
  offered(buildId: string): void {
    const open = this.#builds.get(buildId);
    if (open?.stage === 'waiting') this.#put(buildId, { ...open, stage: 'offered' });
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

  /** Answers the build whose job is not needed any more, if this event is the end of one that nobody has. */
  apply(event: BuildEvent, position: Position, traceparent?: string): OpenBuild | undefined {
    const withdrawn = this.#fold(event, position, traceparent);
    this.seen(position);
    return withdrawn;
  }

  #fold({ type, data }: BuildEvent, position: Position, traceparent?: string): OpenBuild | undefined {
    const { buildId } = data;
    switch (type) {
      case 'BuildRequested':
        this.#put(buildId, requested(data, { position, before: this.#seen, traceparent }));
        return undefined;
      case 'AttemptLeased': {
        const { attempt, agentId, at: leasedAt } = data;
        this.#change(buildId, { stage: 'running', attempt, agentId, leasedAt });
        return undefined;
      }
      case 'AttemptLost':
        this.#change(buildId, { stage: 'offered', agentId: undefined }); // its job was never gone
        return undefined;
      case 'BuildSucceeded':
      case 'BuildFailed':
        this.#put(buildId, undefined);
        return undefined;
      case 'BuildCancelled': {
        const build = this.#builds.get(buildId);
        this.#put(buildId, undefined);
        return build?.stage === 'offered' ? build : undefined; // an agent settles the job of what it has
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

  #change(buildId: string, changed: Partial<OpenBuild>): void {
    const open = this.#builds.get(buildId);
    if (open) this.#put(buildId, { ...open, ...changed });
  }

  /** The only way that a build changes, so that counts and queue follow. */
  #put(buildId: string, after: OpenBuild | undefined): void {
    const before = this.#builds.get(buildId);
    if (before) this.#count(before, -1);
    if (after) this.#count(after, 1);
    if (after) this.#builds.set(buildId, after);
    else this.#builds.delete(buildId);
    this.queue.move(before, after);
  }

  #count({ namespace, stage }: OpenBuild, by: 1 | -1): void {
    const { queued, running } = this.countsOf(namespace);
    const counts = stage === 'running' ? { queued, running: running + by } : { queued: queued + by, running };
    if (counts.queued + counts.running === 0) this.#counts.delete(namespace);
    else this.#counts.set(namespace, counts);
  }
}

function requested(
  { buildId, spec, at }: BuildEventOf<'BuildRequested'>['data'],
  where: Pick<OpenBuild, 'position' | 'before' | 'traceparent'>,
): OpenBuild {
  const { namespace, repoName, priority = DEFAULT_PRIORITY } = spec;
  const nobody = { stage: 'waiting', attempt: 0, agentId: undefined, leasedAt: undefined } as const;
  return { buildId, namespace, repoName, ...needsOf(spec), priority, requestedAt: at, ...where, ...nobody };
}
