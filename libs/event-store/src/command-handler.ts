import { AppError, type Decider } from '@slipway/kernel';
import { SPANS, traced, traceparentNow } from '@slipway/platform';
import { eventIdOf } from './event-id.js';
import type { EventMetadata, EventStore, NewEvent, Position, Revision, StoredEvent } from './port.js';

const MAX_TRIES = 5; // rereads after losing the append race

/** Where a command comes from. `commandId` (UUID) makes it repeatable: event ids derive from it. */
export interface CommandContext {
  readonly commandId: string;
  readonly at: string;
  readonly actor: string;
  readonly correlationId: string;
}

/** An event of the domain: what `evolve` folds. */
export interface DomainEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Between events of the domain and events of the store. */
export interface EventCodec<Event extends DomainEvent> {
  /** Schema version written now. */
  readonly version: number;
  /** Upcasts and validates. `undefined`: an event this service does not know, which it must pass over. */
  readonly decode: (stored: StoredEvent) => Event | undefined;
  /** What goes into the store; by default the event's own data as JSON, and no metadata of its own. */
  readonly encode?: (event: Event) => { readonly data: unknown; readonly metadata?: Readonly<Record<string, unknown>> };
}

export interface Handled<State, Event> {
  /** The state after the command. */
  readonly state: State;
  /** What this command appended; empty when it was already true. */
  readonly events: readonly Event[];
  readonly revision: Revision;
  /** Of the stream's last event; 0 for a stream without events. */
  readonly position: Position;
}

/** How a handler gets at the state of a stream. */
export interface HandlerOptions {
  /** `last`: the newest event alone tells the state, so that nobody has to read a long stream. Default `all`. */
  readonly fold?: 'all' | 'last';
  /**
   * Streams whose state is kept in memory; default 0. Another process may append meanwhile, so what is remembered only
   * ever leads to an append, which the store refuses if it is old; anything else is decided on a fresh state.
   */
  readonly remember?: number;
}

/** What the caller knows of a command. */
export interface Handling {
  /** The stream has no event yet, so it need not be read; when it has some after all, that is found at the append. */
  readonly isFirst?: boolean;
}

interface Loaded<State> {
  readonly state: State;
  readonly revision: Revision;
  readonly position: Position;
  /** The command that appended last: the same one again is done already, whatever its rules would say. */
  readonly lastCommand: string | undefined;
}

/** Decides commands; called concurrently, it decides those of one stream one after the other. */
export interface CommandHandler<State, Command, Event> {
  (stream: string, command: Command, context: CommandContext, handling?: Handling): Promise<Handled<State, Event>>;
  /** The present state. Of a stream that is remembered only what came since is read. */
  readonly load: (stream: string) => Promise<State>;
}

/**
 * read → fold → decide → append: the only way an event is born. Safe to repeat with the same context: a repeated
 * command finds its own events and decides nothing new, or appends the same ids again.
 */
export function commandHandler<State, Command, Event extends DomainEvent>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  codec: EventCodec<Event>,
  { fold = 'all', remember = 0 }: HandlerOptions = {},
): CommandHandler<State, Command, Event> {
  const remembered = new Map<string, Loaded<State>>();
  const keep = (stream: string, loaded: Loaded<State>): void => {
    remembered.delete(stream);
    remembered.set(stream, loaded);
    if (remembered.size > remember) for (const oldest of remembered.keys()) return void remembered.delete(oldest);
  };

  async function attempt(
    loaded: Loaded<State>,
    { stream, command, context }: { stream: string; command: Command; context: CommandContext },
  ): Promise<Handled<State, Event>> {
    const { state, revision, position, lastCommand } = loaded;
    const events = lastCommand === context.commandId ? [] : decider.decide(command, state);
    if (events.length === 0) return { state, events, revision, position };
    const attributes = { 'slipway.events': events.map(({ type }) => type) };
    const appended = await traced(SPANS.append, { kind: 'client', attributes }, () =>
      store.append(stream, toStored(events, context, codec), revision),
    );
    return { state: events.reduce(decider.evolve, state), events, ...appended };
  }

  const untouched: Loaded<State> = { state: decider.initial, ...NO_EVENTS };

  async function handle(
    stream: string,
    command: Command,
    context: CommandContext,
    { isFirst = false }: Handling,
  ): Promise<Handled<State, Event>> {
    for (let tries = 1; ; tries++) {
      const known = remembered.get(stream) ?? (isFirst && tries === 1 ? untouched : undefined);
      const loaded = known ?? (await loadState({ store, decider, codec }, stream, { fold }));
      try {
        const handled = await attempt(loaded, { stream, command, context });
        const isRepeated = loaded.lastCommand === context.commandId;
        if (known && handled.events.length === 0 && !isRepeated) {
          remembered.delete(stream);
          continue; // it may only look as if nothing were to do
        }
        const { state, revision, position } = handled;
        const lastCommand = handled.events.length > 0 ? context.commandId : loaded.lastCommand;
        keep(stream, { state, revision, position, lastCommand });
        return handled;
      } catch (error) {
        remembered.delete(stream);
        const lostRace = error instanceof AppError && error.code === 'REVISION_CONFLICT';
        const wasOld = known !== undefined && error instanceof AppError && error.code !== 'STORE_UNAVAILABLE';
        if (!(lostRace || wasOld) || tries === MAX_TRIES) throw error;
      }
    }
  }

  // One command at a time on a stream: racing with oneself would only lose.
  const lastOf = new Map<string, Promise<unknown>>();
  const inTurn = (
    stream: string,
    command: Command,
    context: CommandContext,
    handling: Handling = {},
  ): Promise<Handled<State, Event>> => {
    const before = lastOf.get(stream) ?? Promise.resolve();
    const mine = before.then(() => handle(stream, command, context, handling));
    const settled = mine
      .catch(() => undefined)
      .then(() => {
        if (lastOf.get(stream) === settled) lastOf.delete(stream);
      });
    lastOf.set(stream, settled);
    return mine;
  };

  async function load(stream: string): Promise<State> {
    const known = fold === 'all' ? remembered.get(stream) : undefined;
    const loaded = await loadState({ store, decider, codec }, stream, { fold, known });
    const newest = remembered.get(stream)?.revision ?? -1; // a command may have been faster
    if (remember > 0 && loaded.revision >= 0 && loaded.revision >= newest) keep(stream, loaded);
    return loaded.state;
  }
  return Object.assign(inTurn, { load });
}

/** Whose events are folded, and by which rules. */
export interface Folding<State, Event extends DomainEvent> {
  readonly store: EventStore;
  readonly decider: Pick<Decider<State, never, Event>, 'initial' | 'evolve'>;
  readonly codec: EventCodec<Event>;
}

const NO_EVENTS = { revision: -1, position: 0, lastCommand: undefined } as const;

/** The present state of one stream. `known`: what it was; only what came since is read. */
export async function loadState<State, Event extends DomainEvent>(
  { store, decider, codec }: Folding<State, Event>,
  stream: string,
  { fold = 'all', known }: Pick<HandlerOptions, 'fold'> & { readonly known?: Loaded<State> | undefined } = {},
): Promise<Loaded<State>> {
  const from = (known?.revision ?? -1) + 1;
  const stored = fold === 'all' ? await store.read(stream, { from }) : await store.readLast(stream, 1);
  const state = stored.reduce((folded, event) => {
    const decoded = codec.decode(event);
    return decoded === undefined ? folded : decider.evolve(folded, decoded);
  }, known?.state ?? decider.initial);
  const last = stored.at(-1);
  if (!last) return known ?? { state, ...NO_EVENTS };
  return { state, revision: last.revision, position: last.position, lastCommand: last.metadata.$causationId };
}

function toStored<Event extends DomainEvent>(
  events: readonly Event[],
  { commandId, at, actor, correlationId }: CommandContext,
  { version, encode }: EventCodec<Event>,
): readonly NewEvent[] {
  const traceparent = traceparentNow(); // what follows from the event goes on with its trace
  const metadata: EventMetadata = {
    at,
    actor,
    $correlationId: correlationId,
    $causationId: commandId,
    version,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return events.map((event, index) => {
    const encoded = encode?.(event) ?? { data: event.data };
    return {
      id: eventIdOf(commandId, index),
      type: event.type,
      data: encoded.data,
      metadata: { ...encoded.metadata, ...metadata },
    };
  });
}
