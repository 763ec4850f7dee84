import { randomUUID } from 'node:crypto';
import type { EventStore, NewEvent, StoredEvent, SubscribeAll, SubscriptionItem } from '../port.js';

export const uniqueName = (kind = 'contract'): string => `${kind}-${randomUUID()}`;

export function newEvent(data: unknown = { n: 1 }, type = 'ThingHappened'): NewEvent {
  const metadata = {
    at: '2026-01-01T00:00:00.000Z',
    actor: 'user:alice',
    $correlationId: randomUUID(),
    $causationId: randomUUID(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    version: 1,
    lines: 3, // writers may add their own
  };
  return { id: randomUUID(), type, data, metadata };
}

export const newEvents = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, n) => newEvent({ n }));

export const dataOf = (events: readonly StoredEvent[]): readonly unknown[] => events.map(({ data }) => data);

const COLLECT_LIMIT_MS = 10_000;

/** Follows `$all` until `isEnough`, then leaves. @throws with what came when it does not come to that */
export async function collect(
  store: EventStore,
  options: Omit<SubscribeAll, 'signal'>,
  isEnough: (items: readonly SubscriptionItem[]) => boolean,
): Promise<readonly SubscriptionItem[]> {
  const limit = AbortSignal.timeout(COLLECT_LIMIT_MS);
  const items: SubscriptionItem[] = [];
  for await (const item of store.subscribeAll({ ...options, signal: limit })) {
    items.push(item);
    if (isEnough(items)) return items;
  }
  throw new Error(
    `Not enough after ${COLLECT_LIMIT_MS} ms: ${items.length} items, last ${JSON.stringify(items.at(-1))}`,
  );
}

export const eventsOf = (items: readonly SubscriptionItem[]): readonly StoredEvent[] =>
  items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));

export const isCaughtUp = (items: readonly SubscriptionItem[]): boolean => items.at(-1)?.kind === 'caught-up';
