import type { BuildEvent } from '@slipway/contracts';
import type { OpenBuild } from '../relay/open-builds.js';

/** Of one namespace in one calendar month, UTC. */
export interface Used {
  readonly buildMs: number;
  readonly logBytes: number;
}
/** `month`: when it began, Unix ms. */
export type MonthlyUse = Used & { readonly month: number };

type Counted = Pick<OpenBuild, 'buildId' | 'namespace' | 'stage' | 'leasedAt'>;
const NOTHING: Used = { buildMs: 0, logBytes: 0 };

/**
 * How long the builds of each namespace ran this month, and how many bytes their logs take: by the instants of the
 * events, so that everybody who reads them counts the same. An attempt over the end of a month belongs to both months,
 * a log to the month in which its build ended. Source: docs/adr/0029-monthly-quotas.md
 */
export class Usage {
  readonly #ended = new Map<string, MonthlyUse>();
  /** When their attempts were leased, Unix ms, by build, by namespace. */
  readonly #running = new Map<string, Map<string, number>>();
  #changes = 0;

  /** Grows with everything that is counted. */
  get changes(): number {
    return this.#changes;
  }

  /** What a build became. `build`: as it was before. `isNew`: false for what the counts already hold. */
  apply(event: BuildEvent, build: Counted | undefined, isNew: boolean): void {
    if (!build) return;
    const { type, data } = event;
    switch (type) {
      case 'AttemptLeased':
        return this.#start(build, data.at);
      case 'AttemptLost':
        return this.#stop(build, data.at, isNew);
      case 'BuildSucceeded':
      case 'BuildFailed':
      case 'BuildCancelled':
        this.#stop(build, data.at, isNew);
        if (isNew) this.#add(build.namespace, monthOf(data.at), { ...NOTHING, logBytes: data.logBytes ?? 0 });
        return;
      case 'BuildRequested':
      case 'SourceResolved':
      case 'StepAdvanced':
      case 'ImagePushed':
      case 'TagsMoved':
      case 'CancelRequested':
      case 'BuildRemoved':
        return;
    }
  }

  /** With what has run until `now`. */
  of(namespace: string, now: string): Used {
    const month = monthOf(now);
    const ended = this.#ended.get(namespace);
    const { buildMs, logBytes } = ended?.month === month ? ended : NOTHING;
    let running = 0;
    for (const leasedAt of this.#running.get(namespace)?.values() ?? []) running += within(month, leasedAt, now);
    return { buildMs: buildMs + running, logBytes };
  }

  /** What has ended, of the month that `now` is in. */
  ended(now: string): Readonly<Record<string, MonthlyUse>> {
    const month = monthOf(now);
    return Object.fromEntries([...this.#ended].filter(([, used]) => used.month >= month));
  }

  restore(ended: Readonly<Record<string, MonthlyUse>>): void {
    for (const [namespace, used] of Object.entries(ended)) this.#ended.set(namespace, used);
  }

  #start({ namespace, buildId }: Counted, at: string): void {
    const running = this.#running.get(namespace) ?? new Map<string, number>();
    this.#running.set(namespace, running.set(buildId, Date.parse(at)));
  }

  #stop({ namespace, buildId, stage, leasedAt }: Counted, at: string, isNew: boolean): void {
    const running = this.#running.get(namespace);
    running?.delete(buildId);
    if (running?.size === 0) this.#running.delete(namespace);
    if (!isNew || stage !== 'running' || leasedAt === undefined) return;
    const month = monthOf(at);
    this.#add(namespace, month, { ...NOTHING, buildMs: within(month, Date.parse(leasedAt), at) });
  }

  #add(namespace: string, month: number, more: Used): void {
    const before = this.#ended.get(namespace);
    if (before && before.month > month) return; // of two clocks one was late at the turn of the month
    const { buildMs, logBytes } = before?.month === month ? before : NOTHING;
    this.#ended.set(namespace, { month, buildMs: buildMs + more.buildMs, logBytes: logBytes + more.logBytes });
    this.#changes++;
  }
}

/** When the month began, Unix ms. */
export function monthOf(at: string): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/** When the next month begins, ISO 8601 UTC. */
export function nextMonth(at: string): string {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)).toISOString();
}

/** How much of the time between lies in the month, ms; nothing where two clocks differ. */
const within = (month: number, fromMs: number, to: string): number =>
  Math.max(0, Date.parse(to) - Math.max(fromMs, month));
