import {
  streams,
  type BuildEvent,
  type BuildEventOf,
  type BuildLogEvent,
  type PublicTagEvent,
} from '@slipway/contracts';
import { buildCodec, buildLogCodec, publicTagCodec, type EventCodec, type StoredEvent } from '@slipway/event-store';

/** A decoded event and where it stands. */
export interface Told<Event> {
  readonly event: Event;
  readonly position: number;
  /** `agent:<id>`, `user:<name>`, `service:<name>`. */
  readonly actor: string;
}

/** Everything about one build, in order. */
export interface Timeline {
  readonly buildId: string;
  readonly build: readonly Told<BuildEvent>[];
  readonly log: readonly Told<BuildLogEvent>[];
}

export type Terminal = BuildEventOf<'BuildSucceeded' | 'BuildFailed' | 'BuildCancelled'>;

export const isTerminal = (event: BuildEvent): event is Terminal =>
  event.type === 'BuildSucceeded' || event.type === 'BuildFailed' || event.type === 'BuildCancelled';

/** One for each build that any event is about. */
export function timelinesOf(events: readonly StoredEvent[]): readonly Timeline[] {
  const found = new Map<string, { build: Told<BuildEvent>[]; log: Told<BuildLogEvent>[] }>();
  const of = (buildId: string) => {
    const known = found.get(buildId) ?? { build: [], log: [] };
    found.set(buildId, known);
    return known;
  };
  for (const stored of events) {
    const build = told(buildCodec, streams.build(''), stored);
    if (build) of(build.event.data.buildId).build.push(build);
    const log = told(buildLogCodec, streams.buildLog(''), stored);
    if (log) of(log.event.data.buildId).log.push(log);
  }
  return [...found].map(([buildId, { build, log }]) => ({ buildId, build, log }));
}

/** The newest event of each public tag, by the tag's stream. */
export function holdersOf(events: readonly StoredEvent[]): ReadonlyMap<string, PublicTagEvent> {
  const holders = new Map<string, PublicTagEvent>();
  for (const stored of events) {
    const moved = told(publicTagCodec, TAGS, stored);
    if (moved) holders.set(stored.stream, moved.event);
  }
  return holders;
}

const TAGS = 'tag-';

function told<Event extends { readonly type: string; readonly data: unknown }>(
  codec: EventCodec<Event>,
  prefix: string,
  stored: StoredEvent,
): Told<Event> | undefined {
  if (!stored.stream.startsWith(prefix)) return undefined;
  const event = codec.decode(stored);
  return event && { event, position: stored.position, actor: stored.metadata.actor };
}
