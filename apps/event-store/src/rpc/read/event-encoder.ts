import type { EventStore } from '../../store/event-store.js';
import type { StoredEvent } from '../../store/events.js';
import { encodeReadEvent, type NamedEvent } from './encode-read-response.js';

/** An event whose data, `<revision>@<stream>`, points to another event. */
const LINK_TYPE = '$>';

/** Turns stored events into the messages of a Read call. */
export function eventEncoder(store: EventStore, resolveLinks: boolean): (event: StoredEvent) => Buffer {
  const named = (event: StoredEvent): NamedEvent => ({
    event,
    stream: store.streamName(event.streamId),
    type: store.typeName(event.typeId),
  });
  return (event) => {
    const origin = named(event);
    if (!resolveLinks || origin.type !== LINK_TYPE) return encodeReadEvent(origin, undefined);
    const target = targetOf(store, event);
    return encodeReadEvent(target && named(target), origin);
  };
}

function targetOf(store: EventStore, link: StoredEvent): StoredEvent | undefined {
  const text = Buffer.from(link.data).toString('utf8');
  const at = text.indexOf('@');
  const revision = Number(text.slice(0, at));
  const view = store.view(text.slice(at + 1));
  if (at < 1 || !Number.isInteger(revision) || view.state !== 'readable') return undefined;
  const [event] = store.readStream(view, { from: revision, direction: 'forwards', limit: 1 }).events;
  return event?.revision === revision ? event : undefined;
}
