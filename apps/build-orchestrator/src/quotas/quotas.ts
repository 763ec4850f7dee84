import type { QuotaView } from '@slipway/contracts';
import type { Position } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import type { OpenBuild, OpenBuilds } from '../relay/open-builds.js';

/** Of each namespace. `Infinity`: as many as they like. */
export interface QuotaLimits {
  readonly queuedBuilds: number;
  readonly runningBuilds: number;
}

type Build = Pick<OpenBuild, 'buildId' | 'namespace'>;
/** By build: where its event stands, once it is appended. */
type Promised = Map<string, Position | undefined>;

/** When it is worth asking again: a guess, since nobody knows when a build will start. */
const RETRY_AFTER_S = 30;
/** How long a request waits for an orchestrator that has just started, ms: less than the asker waits. */
const COMPLETE_LIMIT_MS = 2_500;

/**
 * What a namespace may have waiting and running. Counted are the open builds as the relay has read them, and those that
 * were let through here and that the relay has not read yet. So one orchestrator is exact; several do not know what the
 * others let through until they read it. Source: docs/adr/0021-quotas.md
 */
export class Quotas {
  readonly #requested = new Map<string, Promised>();
  readonly #started = new Map<string, Promised>();

  constructor(
    private readonly open: OpenBuilds,
    private readonly limits: QuotaLimits,
  ) {}

  /**
   * Lets a build be requested while its namespace has room. `isKnown`: whether it was requested before; to repeat that
   * is never refused. @throws QUOTA_EXCEEDED; SERVICE_UNAVAILABLE while history is still read
   */
  async admit<T extends { readonly position: Position }>(
    build: Build,
    isKnown: () => Promise<boolean>,
    request: () => Promise<T>,
  ): Promise<T> {
    await this.#complete();
    const { queuedBuilds: limit } = this.limits;
    const isFull = (): boolean => this.#waiting(build.namespace) >= limit;
    if (isFull() && (await isKnown())) return request();
    if (isFull()) throw new AppError('QUOTA_EXCEEDED', { quota: 'queued_builds', limit, retryAfterS: RETRY_AFTER_S });
    return promise(this.#requested, build, request);
  }

  /** Starts a queued build while its namespace has room; it is asked again later when it has none. */
  async begin<T extends { readonly position: Position }>(
    build: Build,
    start: () => Promise<T | undefined>,
  ): Promise<T | 'later' | undefined> {
    if (!(await this.open.completes(COMPLETE_LIMIT_MS))) return 'later';
    if (this.#running(build) >= this.limits.runningBuilds) return 'later';
    return promise(this.#started, build, start);
  }

  /** @throws SERVICE_UNAVAILABLE while history is still read */
  async of(namespace: string): Promise<QuotaView> {
    await this.#complete();
    const { queuedBuilds, runningBuilds } = this.limits;
    return {
      namespace,
      queued_builds: { limit: shown(queuedBuilds), used: this.#waiting(namespace) },
      running_builds: { limit: shown(runningBuilds), used: this.open.countsOf(namespace).running },
    };
  }

  async #complete(): Promise<void> {
    if (!(await this.open.completes(COMPLETE_LIMIT_MS)))
      throw new AppError('SERVICE_UNAVAILABLE', { reason: 'history is still read' });
  }

  #waiting(namespace: string): number {
    const unread = this.#unread(this.#requested, namespace, (buildId) => this.open.get(buildId) === undefined);
    return this.open.countsOf(namespace).queued + unread.length;
  }

  /** But for this build. */
  #running({ namespace, buildId }: Build): number {
    const unread = this.#unread(this.#started, namespace, (other) => this.open.get(other)?.stage !== 'running');
    return this.open.countsOf(namespace).running + unread.filter((other) => other !== buildId).length;
  }

  /** Forgets what the relay has read by now. */
  #unread(all: Map<string, Promised>, namespace: string, isUnread: (buildId: string) => boolean): readonly string[] {
    const promised = all.get(namespace);
    if (!promised) return [];
    for (const [buildId, position] of promised)
      if (position !== undefined && this.open.hasSeen(position)) promised.delete(buildId);
    if (promised.size === 0) all.delete(namespace);
    return [...promised.keys()].filter(isUnread);
  }
}

const shown = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);

/** Counts the build from before `act` is begun until the relay has read what it appended. */
async function promise<T extends { readonly position: Position } | undefined>(
  all: Map<string, Promised>,
  { namespace, buildId }: Build,
  act: () => Promise<T>,
): Promise<T> {
  const promised = all.get(namespace) ?? new Map<string, undefined>();
  all.set(namespace, promised);
  promised.set(buildId, undefined);
  try {
    const done = await act();
    if (done) all.get(namespace)?.set(buildId, done.position);
    else all.get(namespace)?.delete(buildId);
    return done;
  } catch (error) {
    all.get(namespace)?.delete(buildId);
    throw error;
  }
}
