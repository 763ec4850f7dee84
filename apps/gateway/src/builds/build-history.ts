import {
  BuildEvent,
  BuildEventsReply,
  querySubjects,
  type BuildEventView,
  type RecordedEvent,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import { buildProjection, type BuildRow } from '@slipway/read-model';
import type { NatsConnection } from '@nats-io/transport-node';

/** What the orchestrator keeps of a build. Source: docs/adr/0012-events-of-a-build.md */
export interface BuildHistory {
  /** All events, oldest first. @throws BUILD_NOT_FOUND; SERVICE_UNAVAILABLE when no orchestrator answers */
  readonly read: (buildId: string) => Promise<readonly RecordedEvent[]>;
}

export const buildHistory = (nats: NatsConnection): BuildHistory => ({
  read: async (buildId) => {
    const events: RecordedEvent[] = [];
    for (let from: number | null = 0; from !== null;) {
      const page: BuildEventsReply = await request(
        nats,
        querySubjects.buildEvents,
        { buildId, from },
        { reply: BuildEventsReply },
      );
      events.push(...page.events);
      from = page.next;
    }
    if (events.length === 0) throw new AppError('BUILD_NOT_FOUND', { buildId });
    return events;
  },
});

/** The number of an event, or a time (ISO 8601 UTC with milliseconds): what happened up to there, it included. */
export type AsOf = { readonly number: number } | { readonly at: string };

/** The row as the view had it then. `undefined`: the build had not been requested. */
export function rowAsOf(events: readonly RecordedEvent[], asOf: AsOf): BuildRow | undefined {
  const until = 'number' in asOf ? events.filter(({ number }) => number <= asOf.number) : upTo(events, asOf.at);
  return until.reduce<BuildRow | undefined>((row, { event, position }) => {
    const known = BuildEvent.safeParse(event);
    return known.success ? buildProjection.evolve(row, { event: known.data, position }) : row;
  }, undefined);
}

/** Clocks of several orchestrators may differ: the order of events counts, so it ends at the first later one. */
function upTo(events: readonly RecordedEvent[], at: string): readonly RecordedEvent[] {
  const later = events.findIndex((event) => event.at > at);
  return later < 0 ? events : events.slice(0, later);
}

export const buildEventView = ({ event, causationId, correlationId, ...kept }: RecordedEvent): BuildEventView => ({
  number: kept.number,
  position: kept.position,
  type: event.type,
  at: kept.at,
  actor: kept.actor,
  cause: causationId,
  correlation_id: correlationId,
  data: shown(event.data) as BuildEventView['data'],
});

/** The id of the build stands above, the time beside; whoever knows a lease could speak for its holder. */
const HIDDEN = new Set(['buildId', 'leaseId', 'at']);

/** Maps in the data of events: what their keys are called is their users' own business. */
const MAPS: ReadonlySet<string> = new Set(['agentLabels']);

/** In the API's words: snake_case. */
function shown(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => shown(part, depth + 1));
  const entries = Object.entries(value).filter(([name]) => depth > 0 || !HIDDEN.has(name));
  return Object.fromEntries(
    entries.map(([name, part]) => [snakeCase(name), MAPS.has(name) ? part : shown(part, depth + 1)]),
  );
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
