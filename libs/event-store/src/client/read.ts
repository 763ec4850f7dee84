import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from '../port.js';
import type { Connection } from './connection.js';
import { callError, TransportError } from './errors.js';
import { decodeEvent } from './event-codec.js';

/**
 * One try of a read that ends, in full: a missing stream is an empty one.
 * @throws TransportError when the connection breaks, or at the signal
 */
export async function readEvents(
  connection: Connection,
  request: ReadReq,
  { stream, signal }: { readonly stream: string; readonly signal: AbortSignal },
): Promise<readonly StoredEvent[]> {
  const call = await connection.read(request).catch((error: unknown) => {
    throw callError(error, stream);
  });
  const cancel = (): void => call.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const events: StoredEvent[] = [];
    for await (const response of call as AsyncIterable<ReadResp>) {
      if (response.hasStreamNotFound()) return [];
      if (response.hasEvent()) events.push(decodeEvent(response));
    }
    if (signal.aborted) throw new TransportError('The read was abandoned'); // half of it would look like all of it
    return events;
  } catch (error) {
    throw error instanceof TransportError || error instanceof RangeError ? error : callError(error, stream);
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}
