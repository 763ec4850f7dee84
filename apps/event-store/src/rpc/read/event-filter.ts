import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { BoundedCache } from '../../store/bounded-cache.js';
import type { StoredEvent } from '../../store/events.js';
import { invalidArgument } from '../errors.js';

/** Turns row numbers into names. */
export interface Names {
  readonly streamName: (id: number) => string;
  readonly typeName: (id: number) => string;
}

export interface EventFilter {
  readonly matches: (event: StoredEvent, names: Names) => boolean;
  /** A subscription tells its place at least once in so many events, matching or not. */
  readonly checkpointEvery: number;
}

/** EventStoreDB's window when the client names none. */
const DEFAULT_WINDOW = 32;
const CACHED_VERDICTS = 10_000;

/** @throws RpcError when the expression cannot be used */
export function eventFilter(options: ReadReq.Options.FilterOptions): EventFilter {
  const byType = options.getEventType();
  const expression = byType ?? options.getStreamIdentifier();
  if (!expression) throw invalidArgument('A filter needs an expression on stream names or event types.');
  const accepts = nameTest(expression.getRegex(), expression.getPrefixList());
  const verdicts = new BoundedCache<number, boolean>(CACHED_VERDICTS);
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  return {
    matches: (event, names) => {
      const id = byType ? event.typeId : event.streamId;
      const known = verdicts.get(id);
      if (known !== undefined) return known;
      const verdict = accepts(byType ? names.typeName(id) : names.streamName(id));
      verdicts.set(id, verdict);
      return verdict;
    },
    checkpointEvery: Math.max(1, window) * Math.max(1, options.getCheckpointintervalmultiplier()),
  };
}

function nameTest(regex: string, prefixes: readonly string[]): (name: string) => boolean {
  if (regex === '') return (name) => prefixes.some((prefix) => name.startsWith(prefix));
  try {
    const pattern = new RegExp(regex, 'u');
    return (name) => pattern.test(name);
  } catch {
    throw invalidArgument(`'${regex}' is not a regular expression.`);
  }
}
