/** Of one notification that waits for its time. */
interface Waiting {
  readonly id: string;
  readonly lane: string;
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
}

export interface Lanes {
  /** Puts it in the queue of a lane, or at another time if it is there already. */
  readonly schedule: (waiting: Waiting) => void;
  readonly drop: (id: string) => void;
  /** Nothing runs before. */
  readonly open: () => void;
  /** Begins nothing more; resolves when nothing runs any more. */
  readonly close: () => Promise<void>;
}

export interface LanesOptions {
  /** Runs one; at most one of a lane at a time. Must not reject. */
  readonly run: (id: string) => Promise<void>;
  readonly nowMs: () => number;
  readonly maxAtOnce?: number;
}

/** Requests at once. A target holds one of them for ten seconds at most. */
const MAX_AT_ONCE = 64;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A queue for each target, so that a slow or dead one delays nobody else. */
export function createLanes({ run, nowMs, maxAtOnce = MAX_AT_ONCE }: LanesOptions): Lanes {
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Promise<void>>();
  let isOpen = false;
  let timer: NodeJS.Timeout | undefined;

  /** Those that may run now, the longest due first; one of each free lane. */
  const next = (): Waiting | undefined => {
    const now = nowMs();
    let first: Waiting | undefined;
    for (const one of waiting.values())
      if (!running.has(one.lane) && one.notBeforeMs <= now && (!first || one.notBeforeMs < first.notBeforeMs))
        first = one;
    return first;
  };
  const start = ({ id, lane }: Waiting): void => {
    waiting.delete(id);
    const work = run(id).finally(() => {
      running.delete(lane);
      pump();
    });
    running.set(lane, work);
  };
  const pump = (): void => {
    clearTimeout(timer);
    if (!isOpen) return;
    for (let one = next(); one && running.size < maxAtOnce; one = next()) start(one);
    const times = [...waiting.values()].filter(({ lane }) => !running.has(lane)).map(({ notBeforeMs }) => notBeforeMs);
    if (times.length === 0 || running.size >= maxAtOnce) return; // whatever ends looks again
    const soonest = times.reduce((least, time) => Math.min(least, time));
    timer = setTimeout(pump, Math.min(Math.max(soonest - nowMs(), 0), MAX_TIMER_MS));
  };

  return {
    schedule: (one) => {
      waiting.set(one.id, one);
      pump();
    },
    drop: (id) => void waiting.delete(id),
    open: () => {
      isOpen = true;
      pump();
    },
    close: async () => {
      isOpen = false;
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
