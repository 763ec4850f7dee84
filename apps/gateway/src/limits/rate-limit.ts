/** Of each of the two generations that are kept. */
const MAX_KEYS = 50_000;
const MINUTE_MS = 60_000;
/** Sums of fractions are not exact; nobody waits for less than this. */
const EPSILON_MS = 0.001;

export interface RateLimit {
  /** Takes one from what the key has left. Answers how long to wait, in ms, when nothing is left; 0: taken. */
  readonly take: (key: string) => number;
  /** The same answer, and nothing is taken. */
  readonly waitOf: (key: string) => number;
}

/**
 * So many a minute for each key, all of them at once if need be; they come back one by one, not at the full minute.
 * One number is kept a key: when it has everything again (the generic cell rate algorithm, ITU-T I.371).
 */
export function rateLimit(perMinute: number, nowMs: () => number = () => performance.now()): RateLimit {
  const stepMs = MINUTE_MS / perMinute;
  const fullAt = recentlyUsed();
  const look = (key: string): { readonly full: number; readonly waitMs: number } => {
    const now = nowMs();
    const full = Math.max(fullAt.get(key) ?? now, now);
    const waitMs = full + stepMs - now - MINUTE_MS;
    return { full, waitMs: waitMs > EPSILON_MS ? waitMs : 0 };
  };
  return {
    take: (key) => {
      const { full, waitMs } = look(key);
      if (waitMs === 0) fullAt.set(key, full + stepMs);
      return waitMs;
    },
    waitOf: (key) => look(key).waitMs,
  };
}

/**
 * Forgets the keys that were not set for longest, half of them at a time: to delete the oldest one by one is slow,
 * since a `Map` walks over those it has deleted.
 */
function recentlyUsed(): Pick<Map<string, number>, 'get'> & { readonly set: (key: string, value: number) => void } {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set: (key, value) => {
      if (young.size >= MAX_KEYS && !young.has(key)) [old, young] = [young, new Map()];
      young.set(key, value);
    },
  };
}
