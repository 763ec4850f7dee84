import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, ClientDuplexStream, ClientReadableStream, Metadata } from '@grpc/grpc-js';

export type ReadCall = ClientReadableStream<ReadResp>;
export type BatchAppendCall = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

/**
 * Calls on the server's Streams service. `EventStoreDBClient` brings the connection string, TLS, credentials, discovery
 * of a cluster's leader and a new channel after a broken one; the calls themselves are made here, because its own
 * - `appendToStream` ends the process when a connection breaks while writes wait (unhandled rejections: 150 of them
 *   when a server under 64 writers of 20 KB was killed 12 times), and keeps the answers awaited by all clients of the
 *   process in one map, so that one broken connection fails the appends of all;
 * - `subscribeToAll` announces "caught up" and checkpoints before the events that precede them.
 */
export interface Connection {
  read(request: ReadReq): Promise<ReadCall>;
  batchAppend(): Promise<BatchAppendCall>;
  close(): Promise<void>;
}

/** What the client keeps `protected`, for those who add calls to it. Its version is pinned. */
interface ClientInternals {
  GRPCStreamCreator<Call extends ReadCall | BatchAppendCall>(
    client: typeof StreamsClient,
    name: string,
    call: (streams: StreamsClient) => Call,
  ): () => Promise<Call>;
  callArguments(base: object, options: { deadline: number }): [Metadata, CallOptions];
  handleError(client: unknown, error: Error): Promise<void>;
  getChannel(): Promise<{ close(): void }>;
}

const DISPOSE_LIMIT_MS = 1_000; // `dispose` waits for the end of calls, which a dead server never sends

export function openConnection(url: string): Connection {
  const client = EventStoreDBClient.connectionString(url);
  const internals = client as unknown as ClientInternals;
  const changeChannel = internals.handleError.bind(internals);
  // It runs unawaited and rejects while no member of a cluster can be found; the next call meets the same error.
  internals.handleError = (failed, error) => changeChannel(failed, error).catch(() => {});
  const callArguments = (): [Metadata, CallOptions] => internals.callArguments({}, { deadline: Infinity });
  return {
    read: (request) =>
      internals.GRPCStreamCreator(streamsGrpc.StreamsClient, 'read', (streams) =>
        ignoringLateErrors(streams.read(request, ...callArguments())),
      )(),
    batchAppend: () =>
      internals.GRPCStreamCreator(streamsGrpc.StreamsClient, 'append', (streams) =>
        ignoringLateErrors(streams.batchAppend(...callArguments())),
      )(),
    async close() {
      const closed = client
        .dispose()
        .then(() => internals.getChannel())
        .then((channel) => channel.close());
      await Promise.race([closed.catch(() => {}), pause(DISPOSE_LIMIT_MS, undefined, { ref: false })]);
    },
  };
}

/** An error after everybody has stopped listening to a call would end the process. */
function ignoringLateErrors<Call extends ReadCall | BatchAppendCall>(call: Call): Call {
  call.on('error', () => {});
  return call;
}
