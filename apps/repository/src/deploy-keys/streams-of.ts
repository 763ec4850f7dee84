import type { EventStore } from '@slipway/event-store';

/** The names of all event streams that begin so, as of now. @throws STORE_UNAVAILABLE; the signal's reason */
export async function streamsOf(store: EventStore, prefix: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const streams = new Set<string>();
  for await (const item of store.subscribeAll({ after: undefined, prefixes: [prefix], signal })) {
    if (item.kind === 'caught-up') break;
    if (item.kind === 'event') streams.add(item.event.stream);
  }
  return streams;
}
