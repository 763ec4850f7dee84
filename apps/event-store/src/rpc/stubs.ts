/**
 * The protocol, as the client we speak to ships it. CommonJS modules: their exports are found on the default import,
 * the types of the messages are imported from the modules themselves.
 */
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import serverFeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';

export { gossip, serverFeatures, shared, status, streams };
export const { StreamsService } = streamsGrpc;
export const { ServerFeaturesService } = serverFeaturesGrpc;
export const { GossipService } = gossipGrpc;

export const streamIdentifier = (name: string): StreamIdentifier => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(name, 'utf8'));
  return identifier;
};

/** A revision or position from the wire: unsigned 64 bits in decimal. Beyond 2^53-1 they only ever mean "the end". */
export const numberOf = (uint64: string): number => Math.min(Number(uint64), Number.MAX_SAFE_INTEGER);
