import { EventEmitter, once } from 'node:events';
import { AppError, systemClock, type Clock } from '@slipway/kernel';
import type { EventStore, Expected, NewEvent, StoredEvent, SubscribeAll, SubscriptionItem } from '../port.js';

interface Kept {
  readonly event: StoredEvent;
  readonly atMs: number; // by the store's clock, for maxAgeS
}

interface Limits {
  readonly maxAgeS?: number;
  readonly maxCount?: number;
}

const MAX_APPEND_BYTES = 1024 * 1024; // as the real one

/** The port's promises without a server and without durability: for tests and for trying things out. */
export function createMemoryEventStore({ clock = systemClock }: { readonly clock?: Clock } = {}): EventStore {
  const all: Kept[] = [];
  const streams = new Map<string, Kept[]>();
  const limits = new Map<string, Limits>();
  const appended = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();

  const visible = (stream: string): readonly StoredEvent[] => {
    const { maxAgeS = Infinity, maxCount = Infinity } = limits.get(stream) ?? {};
    const oldestMs = Date.parse(clock.now()) - maxAgeS * 1000;
    const kept = (streams.get(stream) ?? []).filter(({ atMs }) => atMs > oldestMs).map(({ event }) => event);
    return kept.slice(Math.max(0, kept.length - maxCount));
  };
  const assertOpen = (): void => {
    if (closing.signal.aborted) throw new AppError('STORE_UNAVAILABLE', { reason: 'closed' });
  };

  return {
    async append(stream, events, expected) {
      assertOpen();
      if (events.length === 0) throw new RangeError('Nothing to append');
      const copies = events.map(copyEvent);
      const bytes = copies.reduce((sum, event) => sum + sizeOf(event.data) + sizeOf(event.metadata), 0);
      if (bytes > MAX_APPEND_BYTES) throw new AppError('APPEND_TOO_LARGE', { stream, bytes, max: MAX_APPEND_BYTES });
      const kept = streams.get(stream) ?? [];
      const known = alreadyAppended(kept, copies, expected);
      if (known) return known;
      if (!isAsExpected(kept, copies, expected)) throw new AppError('REVISION_CONFLICT', { stream });
      for (const copy of copies) {
        const event = { ...copy, stream, revision: kept.length, position: all.length + 1 };
        kept.push({ event, atMs: Date.parse(clock.now()) });
        all.push(...kept.slice(-1));
      }
      streams.set(stream, kept);
      appended.emit('appended');
      return { revision: kept.length - 1, position: kept.at(-1)?.event.position ?? 0 };
    },

    async read(stream, { from = 0, max = Infinity } = {}) {
      assertOpen();
      return visible(stream)
        .filter(({ revision }) => revision >= from)
        .slice(0, Math.max(0, max));
    },

    async readLast(stream, max) {
      assertOpen();
      return [...visible(stream)].reverse().slice(0, Math.max(0, max));
    },

    async newest(max) {
      assertOpen();
      return all
        .slice(-max)
        .reverse()
        .map(({ event }) => event);
    },

    subscribeAll({ after, prefixes, signal }) {
      if (prefixes.length === 0) throw new RangeError('A subscription needs a prefix');
      return follow({ all, appended }, { after, prefixes, signal: AbortSignal.any([signal, closing.signal]) });
    },

    async retain(stream, limit) {
      assertOpen();
      limits.set(stream, limit);
    },

    async ping() {
      assertOpen();
    },

    async close() {
      closing.abort();
    },
  };
}

async function* follow(
  { all, appended }: { readonly all: readonly Kept[]; readonly appended: EventEmitter },
  { after = 0, prefixes, signal }: SubscribeAll,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  let isCaughtUp = false;
  for (let next = after; !signal.aborted;) {
    const seenFrom = next;
    for (let kept = all[next]; kept && !signal.aborted; kept = all[next]) {
      next++; // positions are 1, 2, 3 …: the event at index n has position n + 1
      if (prefixes.some((prefix) => kept?.event.stream.startsWith(prefix))) yield { kind: 'event', event: kept.event };
    }
    if (signal.aborted) return;
    if (next > seenFrom) yield { kind: 'checkpoint', position: next };
    if (!isCaughtUp) yield { kind: 'caught-up' };
    isCaughtUp = true;
    if (next < all.length) continue;
    await once(appended, 'appended', { signal }).catch(() => {});
  }
}

/** What a repeated append was answered the first time; `undefined` when these events are not all there. */
function alreadyAppended(
  kept: readonly Kept[],
  events: readonly NewEvent[],
  expected: Expected,
): { readonly revision: number; readonly position: number } | undefined {
  const [first] = events;
  if (!first) return undefined;
  const from = typeof expected === 'number' ? expected + 1 : kept.findIndex(({ event }) => event.id === first.id);
  if (from < 0 || !events.every(({ id }, index) => kept[from + index]?.event.id === id)) return undefined;
  const last = kept[from + events.length - 1]?.event;
  return last && { revision: last.revision, position: last.position };
}

function isAsExpected(kept: readonly Kept[], events: readonly NewEvent[], expected: Expected): boolean {
  const [first] = events;
  const isPartlyThere = kept.some(({ event }) => event.id === first?.id); // the same id again, followed by others
  if (expected === 'any') return !isPartlyThere;
  return expected === 'exists' ? kept.length > 0 && !isPartlyThere : expected === kept.length - 1;
}

/** As if it had crossed the wire: nobody may change what is stored. */
function copyEvent(event: NewEvent): NewEvent {
  const { id, type, data, metadata } = event;
  return {
    id,
    type,
    data: data instanceof Uint8Array ? Uint8Array.from(data) : copyJson(data ?? null),
    metadata: copyJson(metadata),
  };
}

const copyJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const sizeOf = (value: unknown): number =>
  value instanceof Uint8Array ? value.length : Buffer.byteLength(JSON.stringify(value));
