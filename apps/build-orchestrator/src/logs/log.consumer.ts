import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOG_CHUNK_HEADER, LogChunkHeader, PARTITIONS, partitionOf } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { consumeLane, consumers, STREAMS } from '@slipway/messaging';
import { observe, secondsSince, type Logger } from '@slipway/platform';
import type { LogDesk } from './log-desk.js';

/** Records log chunks, lane by lane, apart from the reports. Resolves when `signal` is aborted. */
export async function consumeLogs(
  { nats, logs, logger }: { readonly nats: NatsConnection; readonly logs: LogDesk; readonly logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  const { consumers: opened } = jetstream(nats);
  const lanes = Array.from({ length: PARTITIONS }, (_, partition) =>
    consumeLane(
      () => opened.get(STREAMS.logs, consumers.logs(partition)),
      {
        handle: async (message) => {
          await logs.append(headerOf(message), message.data);
          observe('slipway_log_lag_seconds', secondsSince(message.time.getTime()));
        },
        onError: (error, message) => logger.error({ error, subject: message?.subject }, 'log chunk not recorded'),
      },
      signal,
    ),
  );
  await Promise.all(lanes);
}

/** Every chunk of the build's lane has been recorded or refused. */
export async function logLaneIsEmpty(nats: NatsConnection, buildId: string): Promise<boolean> {
  const lane = await jetstream(nats).consumers.get(STREAMS.logs, consumers.logs(partitionOf(buildId)));
  const { num_pending, num_ack_pending } = await lane.info();
  return num_pending + num_ack_pending === 0;
}

function headerOf(message: JsMsg): LogChunkHeader {
  try {
    return LogChunkHeader.parse(JSON.parse(message.headers?.get(LOG_CHUNK_HEADER) ?? ''));
  } catch (cause) {
    throw new AppError('MESSAGE_INVALID', { subject: message.subject }, { cause });
  }
}
