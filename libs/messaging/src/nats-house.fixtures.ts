import type { NatsConnection } from '@nats-io/transport-node';
import { startNatsServer } from '@slipway/testing';
import { connectNats } from './connect.js';
import { ensureTopology, type Topology } from './topology.js';

export const topology: Topology = { replicas: 1, ackWaitMs: 15_000, buildNodes: ['in', 'cn'] };

export interface NatsHouse {
  readonly url: string;
  readonly nats: NatsConnection;
  readonly close: () => Promise<void>;
}

/** A nats-server with the streams and lanes of the system. */
export async function openNatsHouse(): Promise<NatsHouse> {
  const server = await startNatsServer();
  const nats = await connectNats({ url: server.url, name: 'test' });
  await ensureTopology(nats, topology);
  return {
    url: server.url,
    nats,
    close: async () => {
      await nats.close();
      await server.stop();
    },
  };
}
