import { JetStreamApiError, type JetStreamClient, type JetStreamPublishOptions } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';
import { AppError } from '@slipway/kernel';

const PUBLISH_TIMEOUT_MS = 5_000;
/** JetStream's error code for `max_msgs_per_subject` with `discard_new_per_subject`. Source: nats-server errors.json */
const MAX_MESSAGES_PER_SUBJECT = 10077;

/**
 * Publishes and waits for JetStream's word that it is stored. The same `messageId` within two minutes is stored once.
 * @throws SERVICE_UNAVAILABLE when no word came: publish again with the same id
 */
export async function publish(
  jetstream: JetStreamClient,
  message: {
    readonly subject: string;
    readonly body: string | Uint8Array;
    readonly messageId: string;
    readonly headers?: MsgHdrs;
  },
): Promise<void> {
  const options: Partial<JetStreamPublishOptions> = { msgID: message.messageId, timeout: PUBLISH_TIMEOUT_MS };
  if (message.headers) options.headers = message.headers;
  try {
    await jetstream.publish(message.subject, message.body, options);
  } catch (cause) {
    throw new AppError('SERVICE_UNAVAILABLE', { subject: message.subject }, { cause });
  }
}

/** Offers a job. `false`: it lies in the queue already. @throws SERVICE_UNAVAILABLE */
export async function offer(
  jetstream: JetStreamClient,
  subject: string,
  body: string,
  headers?: MsgHdrs,
): Promise<boolean> {
  try {
    await jetstream.publish(subject, body, { timeout: PUBLISH_TIMEOUT_MS, ...(headers && { headers }) });
    return true;
  } catch (cause) {
    if (isTaken(cause)) return false;
    throw new AppError('SERVICE_UNAVAILABLE', { subject }, { cause });
  }
}

/** The subject of a job holds one already. */
export const isTaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === MAX_MESSAGES_PER_SUBJECT;
