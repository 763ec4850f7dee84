import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { AppError } from '@slipway/kernel';

/**
 * Whether a consumer has been through all messages of a subject that its stream has: each was taken in, refused or set
 * aside. It goes by the last of them and by the consumer's acknowledgements, for what it says is pending may be 0: a
 * server that has just become the consumer's leader has not counted yet.
 * @throws SERVICE_UNAVAILABLE
 */
export async function isWorkedOff(
  nats: NatsConnection,
  { stream, consumer, subject }: { readonly stream: string; readonly consumer: string; readonly subject: string },
): Promise<boolean> {
  try {
    const manager = await jetstreamManager(nats);
    const last = await manager.streams.getMessage(stream, { last_by_subj: subject });
    if (!last) return true;
    const { ack_floor: through } = await manager.consumers.info(stream, consumer);
    return through.stream_seq >= last.seq;
  } catch (cause) {
    throw new AppError('SERVICE_UNAVAILABLE', { stream, consumer }, { cause });
  }
}
