import type { QuotaQuery, QuotaView } from '@slipway/contracts';
import type { Position } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { OpenBuild, OpenBuilds } from '../relay/open-builds.js';
import type { Limits, QuotaLimits } from './limits.js';
import { nextMonth, type Usage } from './usage.js';

/** What is counted, and how much of it there may be. */
export interface Counts {
  readonly open: OpenBuilds;
  readonly usage: Usage;
  readonly limits: Limits;
  readonly clock: Clock;
}

type Build = Pick<OpenBuild, 'buildId' | 'namespace'>;
/** By build: where its event stands, once it is appended. */
type Promised = Map<string, Position | undefined>;

/** When it is worth asking again: a guess, since nobody knows when a build will start. */
const RETRY_AFTER_S = 30;
/** At most, however far away the next month is: an administrator may grant more at any time. */
const MAX_RETRY_AFTER_S = 86_400;
const MINUTE_MS = 60_000;
/** How long a request waits for an orchestrator that has just started, ms: less than the asker waits. */
const COMPLETE_LIMIT_MS = 2_500;

/**
 * What a namespace may have waiting and running, and use in a month. Counted are the open builds as the relay has read them, and those that
 * were let through here and that the relay has not read yet. So one orchestrator is exact; several do not know what the
 * others let through until they read it. Sources: docs/adr/0021-quotas.md, docs/adr/0029-monthly-quotas.md
 */
export class Quotas {
  readonly #requested = new Map<string, Promised>();
  readonly #started = new Map<string, Promised>();

  constructor(private readonly counts: Counts) {}

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
    if (this.#refusal(build.namespace) && (await isKnown())) return request();
    const refusal = this.#refusal(build.namespace);
    if (refusal) throw refusal;
    return promise(this.#requested, build, request);
  }

  /** Starts a queued build while its namespace has room; it is asked again later when it has none. */
  async begin<T extends { readonly position: Position }>(
    build: Build,
    start: () => Promise<T | undefined>,
  ): Promise<T | 'later' | undefined> {
    if (!(await this.counts.open.completes(COMPLETE_LIMIT_MS))) return 'later';
    if (this.#running(build) >= this.counts.limits.of(build.namespace).runningBuilds) return 'later';
    return promise(this.#started, build, start);
  }

  /** @throws SERVICE_UNAVAILABLE while history is still read, or `position` has not been */
  async of({ namespace, position }: QuotaQuery): Promise<QuotaView> {
    await this.#complete();
    const { open, limits, usage, clock } = this.counts;
    if (position !== undefined && !(await open.reaches(position, COMPLETE_LIMIT_MS)))
      throw new AppError('SERVICE_UNAVAILABLE', { reason: 'the relay is behind', position });
    const now = clock.now();
    const { buildMs, logBytes } = usage.of(namespace, now);
    const shown = (name: keyof QuotaLimits) => {
      const limit = limits.of(namespace)[name];
      return { limit: Number.isFinite(limit) ? limit : null, is_overridden: limits.isOverridden(namespace, name) };
    };
    const resets_at = nextMonth(now);
    return {
      namespace,
      queued_builds: { ...shown('queuedBuilds'), used: this.#waiting(namespace) },
      running_builds: { ...shown('runningBuilds'), used: open.countsOf(namespace).running },
      build_minutes: { ...shown('buildMinutes'), used: Math.floor(buildMs / MINUTE_MS), resets_at },
      log_bytes: { ...shown('logBytes'), used: logBytes, resets_at },
    };
  }

  /** Why a build may not be requested now; undefined: it may. */
  #refusal(namespace: string): AppError | undefined {
    const { limits, usage, clock } = this.counts;
    const { queuedBuilds, buildMinutes, logBytes } = limits.of(namespace);
    const refuse = (quota: string, limit: number, retryAfterS: number): AppError =>
      new AppError('QUOTA_EXCEEDED', { quota, limit, retryAfterS });
    if (this.#waiting(namespace) >= queuedBuilds) return refuse('queued_builds', queuedBuilds, RETRY_AFTER_S);
    const now = clock.now();
    const used = usage.of(namespace, now);
    const untilReset = Math.ceil((Date.parse(nextMonth(now)) - Date.parse(now)) / 1_000);
    const later = Math.min(untilReset, MAX_RETRY_AFTER_S);
    if (used.buildMs >= buildMinutes * MINUTE_MS) return refuse('build_minutes', buildMinutes, later);
    if (used.logBytes >= logBytes) return refuse('log_bytes', logBytes, later);
    return undefined;
  }

  async #complete(): Promise<void> {
    if (!(await this.counts.open.completes(COMPLETE_LIMIT_MS)))
      throw new AppError('SERVICE_UNAVAILABLE', { reason: 'history is still read' });
  }

  #waiting(namespace: string): number {
    const unread = this.#unread(this.#requested, namespace, (buildId) => this.counts.open.get(buildId) === undefined);
    return this.counts.open.countsOf(namespace).queued + unread.length;
  }

  /** But for this build. */
  #running({ namespace, buildId }: Build): number {
    const unread = this.#unread(this.#started, namespace, (other) => this.counts.open.get(other)?.stage !== 'running');
    return this.counts.open.countsOf(namespace).running + unread.filter((other) => other !== buildId).length;
  }

  /** Forgets what the relay has read by now. */
  #unread(all: Map<string, Promised>, namespace: string, isUnread: (buildId: string) => boolean): readonly string[] {
    const promised = all.get(namespace);
    if (!promised) return [];
    for (const [buildId, position] of promised)
      if (position !== undefined && this.counts.open.hasSeen(position)) promised.delete(buildId);
    if (promised.size === 0) all.delete(namespace);
    return [...promised.keys()].filter(isUnread);
  }
}

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
