import { streams, type BuildEvent, type BuildEventsQuery, type BuildEventsReply } from '@slipway/contracts';
import { buildCodec, type EventStore, type StoredEvent } from '@slipway/event-store';

/** All events of the build so far, for an asker that has no view of it yet. */
export async function buildEventsOf(
  store: EventStore,
  buildId: string,
): Promise<{ event: BuildEvent; position: number }[]> {
  const stored = await store.read(streams.build(buildId));
  return stored.flatMap((one) => {
    const event = buildCodec.decode(one);
    return event ? [{ event, position: one.position }] : [];
  });
}

const EVENTS_A_PAGE = 500;
/** Half of what NATS carries in one message (1 MiB). */
const PAGE_BYTES = 512 * 1024;

/** Answers `query.build.events`: one page of everything that is kept of a build; empty for a build that is not there. */
export async function readBuildEvents(
  store: EventStore,
  { buildId, from }: BuildEventsQuery,
): Promise<BuildEventsReply> {
  const stored = await store.read(streams.build(buildId), { from, max: EVENTS_A_PAGE });
  const events: BuildEventsReply['events'] = [];
  let bytes = 0;
  for (const one of stored) {
    const event = recorded(one);
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (bytes > PAGE_BYTES && events.length > 0) break;
    events.push(event);
  }
  const last = events.at(-1);
  const isAll = events.length === stored.length && stored.length < EVENTS_A_PAGE;
  return { events, next: isAll || !last ? null : last.number + 1 };
}

/** An event of a type that this service does not know is told as it was stored. */
function recorded(stored: StoredEvent): BuildEventsReply['events'][number] {
  const { revision, position, metadata, type, data } = stored;
  return {
    number: revision,
    position,
    at: metadata.at,
    actor: metadata.actor,
    correlationId: metadata.$correlationId,
    causationId: metadata.$causationId,
    event: buildCodec.decode(stored) ?? { type, data },
  };
}
