import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { within } from '../within.js';
import { hasEnded, nameOfHolder } from './process-name.js';

/** Who is active, as it is written down for all. */
export interface ActiveRecord {
  /** `null`: nobody. */
  readonly holder: string | null;
  /** Grows while the holder lives. */
  readonly beat: number;
}

/** Where it is written. Every method is one atomic step, may be called by several processes, and may reject. */
export interface ActiveRecords {
  readonly read: () => Promise<ActiveRecord>;
  /** Makes `holder` the active one if nothing has changed since `seen`. Whether it did. */
  readonly take: (seen: ActiveRecord, holder: string) => Promise<boolean>;
  /** Whether `holder` is still the active one; if so, it has told that it lives. */
  readonly beat: (holder: string) => Promise<boolean>;
  /** Nobody is active any more, if `holder` was. */
  readonly leave: (holder: string) => Promise<void>;
}

/** Of one that knows of no other. */
export function alwaysActive(): ActiveRecords {
  return {
    read: () => Promise.resolve({ holder: null, beat: 0 }),
    take: () => Promise.resolve(true),
    beat: () => Promise.resolve(true),
    leave: () => Promise.resolve(),
  };
}

/** Somebody else may be active. */
export class TenureLost extends Error {
  override readonly name = 'TenureLost';
}

/** The time in which a process is the active one. */
export interface Tenure {
  readonly holder: string;
  /** Aborted at its end. */
  readonly signal: AbortSignal;
  /**
   * Before anything that a successor might do, too: nobody else is active. By a watch that goes on while the process is
   * paused. Also true while it stops. @throws TenureLost
   */
  readonly assertCurrent: () => void;
}

export type Role = 'active' | 'standby';

export interface Standby {
  /** `undefined`: not known yet. */
  readonly role: () => Role | undefined;
  /** Resolves after the signal, when nothing is done any more and somebody else may be active. Never rejects. */
  readonly done: Promise<void>;
}

export interface StandbyTimes {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** Without a confirmed sign of life the active one stops by itself. */
  readonly doubtMs: number;
  /** Without a new sign of life somebody else takes over. */
  readonly deadMs: number;
  readonly pollMs: number;
}

/** Source: docs/adr/0035-standby.md */
export const STANDBY_TIMES: StandbyTimes = { beatMs: 2_000, doubtMs: 7_000, deadMs: 10_000, pollMs: 1_000 };

export interface StandbyOptions {
  readonly records: ActiveRecords;
  /** Called each time this process becomes the active one. Ends soon after the signal of its tenure. Must not reject. */
  readonly work: (tenure: Tenure) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly times?: StandbyTimes;
}

/** Of several processes exactly one works; another one takes over when it stops, dies, or falls silent. */
export function standBy(options: StandbyOptions): Standby {
  const state: State = { role: undefined };
  return { role: () => state.role, done: run(options, state) };
}

interface State {
  role: Role | undefined;
}

async function run(options: StandbyOptions, state: State): Promise<void> {
  const { records, logger, signal, times = STANDBY_TIMES } = options;
  const holder = nameOfHolder();
  const watch = new SilenceWatch();
  while (!signal.aborted) {
    const confirmedAt = performance.now();
    try {
      // A connection may hang: what it does later is no harm, since it is the holder's own word.
      const seen = await within(records.read(), times.doubtMs);
      const isFree = seen.holder === null || seen.holder === holder || hasEnded(seen.holder);
      if (isFree || watch.silentMs(seen) >= times.deadMs) {
        if (await within(records.take(seen, holder), times.doubtMs)) {
          await serve(options, { state, holder, confirmedAt });
          continue;
        }
      } else state.role = 'standby';
    } catch (error) {
      logger.warn({ error }, 'not known who is active');
    }
    await pause(times.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Term {
  readonly state: State;
  readonly holder: string;
  /** When it was asked for what was then confirmed. */
  readonly confirmedAt: number;
}

async function serve(options: StandbyOptions, { state, holder, ...term }: Term): Promise<void> {
  const { records, work, logger, signal, times = STANDBY_TIMES } = options;
  const ending = new AbortController();
  let { confirmedAt } = term;
  const inDoubt = (): boolean => performance.now() - confirmedAt > times.doubtMs;
  let lost: TenureLost | undefined;
  const lose = (why: string): void => {
    lost ??= new TenureLost(why);
    state.role = 'standby'; // though its work may still be ending
    ending.abort(lost);
  };
  const assertCurrent = (): void => {
    if (inDoubt()) lose('in doubt');
    if (lost) throw lost;
  };
  const beat = async (): Promise<void> => {
    const askedAt = performance.now();
    try {
      if (await within(records.beat(holder), times.doubtMs)) confirmedAt = Math.max(confirmedAt, askedAt);
      else lose('somebody else is active');
    } catch (error) {
      logger.warn({ error }, 'no sign of life could be given');
    }
    if (inDoubt()) lose('in doubt');
  };
  const stop = (): void => ending.abort(new Error('stopping'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const timer = setInterval(() => void beat(), times.beatMs);
  logger.info({ holder }, 'active');
  state.role = 'active';
  await work({ holder, signal: ending.signal, assertCurrent });
  clearInterval(timer);
  signal.removeEventListener('abort', stop);
  state.role = 'standby';
  logger.info({ holder, why: String(ending.signal.reason) }, 'no longer active');
  await within(records.leave(holder), times.doubtMs).catch(() => undefined); // then its silence tells
}

/** How long the active one has given no new sign of life, by this machine's own watch: no clocks are compared. */
class SilenceWatch {
  #seen: ActiveRecord | undefined;
  #sinceMs = 0;

  silentMs(record: ActiveRecord): number {
    if (this.#seen?.holder !== record.holder || this.#seen?.beat !== record.beat) {
      this.#seen = record;
      this.#sinceMs = performance.now();
    }
    return performance.now() - this.#sinceMs;
  }
}
