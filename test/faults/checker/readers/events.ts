import { streams } from '@slipway/contracts';
import { connectEventStore, type StoredEvent } from '@slipway/event-store';
import { silentLogger } from '@slipway/platform';
import { VIEWS } from '@slipway/read-model';

/** Whatever a view reads, and so every build, log and tag. */
const PREFIXES = [...new Set([...VIEWS.map(({ prefix }) => prefix), streams.build(''), streams.buildLog('')])];

/** Everything that is there now, in order. */
export async function recordedEvents(url: string): Promise<readonly StoredEvent[]> {
  const store = connectEventStore({ url, logger: silentLogger });
  const stop = new AbortController();
  const events: StoredEvent[] = [];
  try {
    for await (const item of store.subscribeAll({ after: undefined, prefixes: PREFIXES, signal: stop.signal })) {
      if (item.kind === 'event') events.push(item.event);
      if (item.kind === 'caught-up') break;
    }
    return events;
  } finally {
    stop.abort();
    await store.close();
  }
}
