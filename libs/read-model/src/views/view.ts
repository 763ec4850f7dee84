import type { PositionedEvent } from '@slipway/contracts';
import type { DomainEvent, EventCodec, StoredEvent } from '@slipway/event-store';
import type { Session } from '../database/open-database.js';
import { deleteRows, loadRows, upsertRows, type Target } from '../database/rows.js';
import type { Table, TableShape } from '../database/table.js';

/** An event and where it came from. */
export interface Recorded<Event> extends PositionedEvent<Event> {
  readonly stored: StoredEvent;
}

/** Rows of one table as a fold over events. Pure: the gateway folds an answer with it before the view has the row. */
export interface Projection<Row, Event> {
  /** Of the row an event is about. `undefined`: none. */
  readonly keyOf: (recorded: Recorded<Event>) => string | undefined;
  /** Like a decider's. `undefined`: there is no row. */
  readonly evolve: (row: Row | undefined, recorded: PositionedEvent<Event>) => Row | undefined;
}

/** One transaction's worth of work on one view. */
export interface Unit {
  readonly session: Session;
  /** The table's name now. */
  readonly target: <Row>(table: Table<Row>) => Target<Row>;
  /** An event that cannot be read: it is passed over, loudly. */
  readonly onPoison: OnPoison;
}
export type OnPoison = (event: StoredEvent, error: unknown) => void;

/** A named set of tables with one checkpoint. */
export interface View {
  readonly name: string;
  /** Grows whenever its tables or its rules change; the view is then rebuilt. */
  readonly version: number;
  /** Of the event streams it reads. */
  readonly prefix: string;
  readonly tables: readonly TableShape[];
  /** Folds events, oldest first, into the tables. Answers the keys of what changed. */
  readonly project: (unit: Unit, events: readonly StoredEvent[]) => Promise<readonly string[]>;
}

/** Unknown types are left out in silence, undecodable events with a word. */
export function decodeEvents<Event extends DomainEvent>(
  codec: EventCodec<Event>,
  events: readonly StoredEvent[],
  onPoison: OnPoison,
): readonly Recorded<Event>[] {
  return events.flatMap((stored) => {
    try {
      const event = codec.decode(stored);
      return event === undefined ? [] : [{ event, position: stored.position, stored }];
    } catch (error) {
      onPoison(stored, error);
      return [];
    }
  });
}

export interface Change<Row> {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** Loads the rows the events are about, folds in memory, writes what changed. By key. */
export async function foldTable<Row, Event>(
  { session, target: targetOf }: Unit,
  table: Table<Row>,
  projection: Projection<Row, Event>,
  events: readonly Recorded<Event>[],
): Promise<ReadonlyMap<string, Change<Row>>> {
  const target = targetOf(table);
  const keyed = events.flatMap((recorded) => {
    const key = projection.keyOf(recorded);
    return key === undefined ? [] : [{ key, recorded }];
  });
  const keyColumn = table.primaryKey[0];
  if (keyed.length === 0 || keyColumn === undefined) return new Map();
  const loaded = await loadRows(session, target, keyColumn, [...new Set(keyed.map(({ key }) => key))]);
  const before = new Map(loaded.map((row) => [String(row[keyColumn]), row]));
  const after = new Map<string, Row | undefined>(before);
  for (const { key, recorded } of keyed) after.set(key, projection.evolve(after.get(key), recorded));

  const changes = [...after].filter(([key, row]) => row !== before.get(key));
  const gone = changes.filter(([, row]) => row === undefined).map(([key]) => key);
  await upsertRows(
    session,
    target,
    changes.flatMap(([, row]) => (row === undefined ? [] : [row])),
  );
  await deleteRows(session, target, keyColumn, gone);
  return new Map(changes.map(([key, row]) => [key, { before: before.get(key), after: row }]));
}
