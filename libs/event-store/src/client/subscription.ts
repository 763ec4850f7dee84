import { setTimeout as pause } from 'node:timers/promises';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { AppError, Doubling } from '@slipway/kernel';
import type { Position, SubscribeAll, SubscriptionItem } from '../port.js';
import type { Connection } from './connection.js';
import { callError, TransportError } from './errors.js';
import { decodeEvent, safeNumber } from './event-codec.js';
import { subscribeAllRequest } from './requests.js';

/** What a subscription tells while it runs by itself. */
export interface SubscriptionLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

const PAUSE_MS = { first: 100, most: 5_000 } as const;
const CONFIRMATION_LIMIT_MS = 10_000;

/** Follows `$all`, over as many calls as it takes, each from the last position the consumer was given. */
export async function* followAll(
  connection: Connection,
  { after, prefixes, signal }: SubscribeAll,
  log: SubscriptionLog,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  let last = after;
  const pauses = new Doubling(PAUSE_MS);
  while (!signal.aborted) {
    try {
      for await (const item of oneCall(connection, { after: last, prefixes, signal })) {
        const position = positionOf(item);
        if (position !== undefined) {
          if (last !== undefined && position <= last && item.kind === 'event') continue; // never twice
          last = Math.max(position, last ?? 0);
        }
        pauses.reset();
        yield item;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TransportError || error instanceof AppError)) throw error;
      log.warn({ error, after: last, prefixes, pauseMs: pauses.ms }, 'subscription interrupted');
    }
    await pause(pauses.next(), undefined, { signal }).catch(() => {});
  }
}

const positionOf = (item: SubscriptionItem): Position | undefined => {
  switch (item.kind) {
    case 'event':
      return item.event.position;
    case 'checkpoint':
      return item.position;
    case 'caught-up':
      return undefined;
  }
};

/** Ends only by throwing, or at the signal. The call is read no faster than the consumer asks. */
async function* oneCall(
  connection: Connection,
  { after, prefixes, signal }: SubscribeAll,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  const call = await connection.read(subscribeAllRequest(after, prefixes)).catch((error: unknown) => {
    throw callError(error, '$all');
  });
  const cancel = (): void => call.cancel();
  if (signal.aborted) return cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const unconfirmed = setTimeout(cancel, CONFIRMATION_LIMIT_MS);
  try {
    for await (const response of call as AsyncIterable<ReadResp>) {
      if (response.hasConfirmation()) clearTimeout(unconfirmed);
      const item = toItem(response);
      if (item) yield item;
      if (signal.aborted) return;
    }
  } catch (error) {
    throw error instanceof RangeError ? error : callError(error, '$all');
  } finally {
    clearTimeout(unconfirmed);
    signal.removeEventListener('abort', cancel);
    cancel();
  }
  throw new TransportError('The server ended the subscription');
}

function toItem(response: ReadResp): SubscriptionItem | undefined {
  if (response.hasEvent()) return { kind: 'event', event: decodeEvent(response) };
  if (response.hasCaughtUp()) return { kind: 'caught-up' };
  const checkpoint = response.getCheckpoint();
  return checkpoint && { kind: 'checkpoint', position: safeNumber(checkpoint.getCommitPosition()) };
}
