import { FairShare, type Sharer } from './fair-share.js';
import { WaitingLine, type Waiting } from './waiting-line.js';

/**
 * `waiting`: its job is not in the queue yet. `offered`: it is, for any agent to take. `running`: an agent has the build.
 * The job stays in the queue until the build has ended.
 */
export type Stage = 'waiting' | 'offered' | 'running';

export interface LaneBuild extends Waiting {
  readonly namespace: string;
  readonly stage: Stage;
}

/** The builds that the same agents may take. */
export class Lane<Build extends LaneBuild> {
  readonly #lines = new Map<string, WaitingLine<Build>>();
  readonly #offered = new Map<string, Build>();
  readonly #atWork = new Map<string, number>();
  readonly #share = new FairShare();
  #waiting = 0;

  /** `mayStart`: whether a namespace may have one more at work. */
  constructor(private readonly mayStart: (namespace: string) => boolean) {}

  get waiting(): number {
    return this.#waiting;
  }

  get offered(): number {
    return this.#offered.size;
  }

  get isEmpty(): boolean {
    return this.#waiting === 0 && this.#atWork.size === 0;
  }

  /** A build has become another one: new, in another stage, or gone. */
  move(before: Build | undefined, after: Build | undefined): void {
    const namespace = (after ?? before)?.namespace;
    if (namespace === undefined) return;
    if (before?.stage === 'waiting') this.#leaveLine(before);
    if (after?.stage === 'waiting') this.#joinLine(after);
    if (before?.stage === 'offered') this.#offered.delete(before.buildId);
    if (after?.stage === 'offered') this.#offered.set(after.buildId, after);
    this.#count(namespace, Number(isAtWork(after)) - Number(isAtWork(before)));
    this.regard(namespace);
  }

  /** Looks anew whether a namespace takes part in the turns. */
  regard(namespace: string): void {
    const takesPart = this.#lines.has(namespace) && this.mayStart(namespace);
    if (takesPart) this.#share.put(namespace, this.#atWork.get(namespace) ?? 0);
    else this.#share.remove(namespace);
  }

  /** Whose turn it is. */
  get next(): Build | undefined {
    const namespace = this.#share.first;
    return namespace === undefined ? undefined : this.#lines.get(namespace)?.first;
  }

  /**
   * How many get their turn before a build, if nothing else comes and nothing ends: what lies in the queue, what its
   * namespace has before it, and what the others get in the rounds until then.
   */
  ahead(build: Build): number {
    if (build.stage === 'offered') return [...this.#offered.keys()].indexOf(build.buildId);
    const line = this.#lines.get(build.namespace);
    if (!line) return this.#offered.size;
    const own = this.aheadOfOwn(build);
    const place: Sharer = this.#share.get(build.namespace) ?? {
      namespace: build.namespace,
      atWork: this.#atWork.get(build.namespace) ?? 0,
      since: Infinity,
    };
    let others = 0;
    for (const other of this.#share.all())
      if (other.namespace !== build.namespace) others += this.#turnsBefore(other, place, own);
    return this.#offered.size + own + others;
  }

  /** How many of its own namespace get their turn before a build that waits. */
  aheadOfOwn(build: Build): number {
    return this.#lines.get(build.namespace)?.before(build) ?? 0;
  }

  /** How many turns another namespace gets until this one has had `own` turns and it is its turn again. */
  #turnsBefore(other: Sharer, place: Sharer, own: number): number {
    const goesFirst = other.atWork > place.atWork || (other.atWork === place.atWork && other.since < place.since);
    const turns = place.atWork + own - other.atWork + Number(goesFirst);
    return Math.min(Math.max(0, turns), this.#lines.get(other.namespace)?.size ?? 0);
  }

  #joinLine(build: Build): void {
    const line = this.#lines.get(build.namespace) ?? new WaitingLine<Build>();
    this.#lines.set(build.namespace, line);
    line.add(build);
    this.#waiting++;
  }

  #leaveLine(build: Build): void {
    const line = this.#lines.get(build.namespace);
    line?.remove(build);
    if (line?.size === 0) this.#lines.delete(build.namespace);
    this.#waiting--;
  }

  #count(namespace: string, by: number): void {
    const atWork = (this.#atWork.get(namespace) ?? 0) + by;
    if (atWork > 0) this.#atWork.set(namespace, atWork);
    else this.#atWork.delete(namespace);
  }
}

export const isAtWork = (build: Pick<LaneBuild, 'stage'> | undefined): boolean =>
  build !== undefined && build.stage !== 'waiting';
