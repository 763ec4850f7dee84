import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { Direction } from '../../store/event-reader.js';
import { invalidArgument } from '../errors.js';
import { eventFilter, type EventFilter } from './event-filter.js';
import { streamName } from '../write/proposed-event.js';
import { numberOf } from '../stubs.js';

/** Where a read begins: the ends, or a revision of a stream, or a position of $all. */
export type ReadFrom = 'start' | 'end' | number;

export type ReadSource =
  | { readonly kind: 'stream'; readonly stream: string; readonly from: ReadFrom }
  | { readonly kind: 'all'; readonly from: ReadFrom; readonly filter: EventFilter | undefined };

export interface ReadRequest {
  readonly source: ReadSource;
  readonly direction: Direction;
  /** How many events at most; a subscription never ends. */
  readonly count: number | 'subscription';
  readonly resolveLinks: boolean;
}

const BACKWARDS = 1;

/** @throws RpcError when an option is missing or two do not go together */
export function readRequest(message: ReadReq): ReadRequest {
  const options = message.getOptions();
  if (!options) throw invalidArgument('The options of the read are missing.');
  const isSubscription = options.hasSubscription();
  if (!isSubscription && !options.hasCount()) throw invalidArgument('A read needs a count or a subscription.');
  const direction: Direction = options.getReadDirection() === BACKWARDS ? 'backwards' : 'forwards';
  if (isSubscription && direction === 'backwards') throw invalidArgument('A subscription cannot run backwards.');
  return {
    source: sourceOf(options),
    direction,
    count: isSubscription ? 'subscription' : numberOf(options.getCount()),
    resolveLinks: options.getResolveLinks(),
  };
}

function sourceOf(options: ReadReq.Options): ReadSource {
  const all = options.getAll();
  const filter = options.getFilter();
  if (all) {
    const position = all.getPosition();
    const from = all.hasStart() ? 'start' : position ? numberOf(position.getCommitPosition()) : 'end';
    return { kind: 'all', from, filter: filter && eventFilter(filter) };
  }
  const stream = options.getStream();
  if (!stream) throw invalidArgument('A read needs a stream or $all.');
  if (filter) throw invalidArgument('Only $all can be filtered.');
  const name = streamName(stream.getStreamIdentifier());
  if (name === '') throw invalidArgument('A read needs the name of a stream.');
  const from = stream.hasStart() ? 'start' : stream.hasRevision() ? numberOf(stream.getRevision()) : 'end';
  return { kind: 'stream', stream: name, from };
}
