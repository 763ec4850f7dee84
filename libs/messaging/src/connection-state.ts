import type { NatsConnection } from '@nats-io/transport-node';

/**
 * Whether a message sent now leaves now. The client keeps what is sent while it reconnects and sends it then, which for
 * a command means that it is done after its asker was told that it was not.
 */
export function watchConnection(nats: NatsConnection): () => boolean {
  let isUp = true;
  const watch = async (): Promise<void> => {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect') isUp = false;
      if (type === 'reconnect') isUp = true;
    }
  };
  void watch();
  return () => isUp && !nats.isClosed() && !nats.isDraining();
}

/** For readiness: the server answers. Why it is not usable, or `undefined`. */
export async function checkConnection(nats: NatsConnection): Promise<string | undefined> {
  if (nats.isClosed()) return 'closed';
  await nats.rtt();
  return undefined;
}
