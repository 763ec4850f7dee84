import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOG_CHUNK_HEADER, LogChunkHeader, PARTITIONS, partitionOf, subjects } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { consumeLane, consumers, isWorkedOff, STREAMS, type Lane } from '@slipway/messaging';
import { observe, secondsSince, type Logger } from '@slipway/platform';

export interface LogParts {
  readonly nats: NatsConnection;
  readonly record: (header: LogChunkHeader, chunk: Uint8Array) => Promise<void>;
  readonly dependencies: Lane['dependencies'];
  readonly logger: Logger;
}

/** Records log chunks, lane by lane, apart from the reports. Resolves when `signal` is aborted. */
export async function consumeLogs(
  { nats, record, dependencies, logger }: LogParts,
  signal: AbortSignal,
): Promise<void> {
  const lanes = Array.from({ length: PARTITIONS }, (_, partition) =>
    consumeLane(
      nats,
      {
        stream: STREAMS.logs,
        consumer: consumers.logs(partition),
        dependencies,
        handle: async (message) => {
          await record(headerOf(message), message.data);
          observe('slipway_log_lag_seconds', secondsSince(message.time.getTime()));
        },
        onError: (error, message) => logger.error({ error, subject: message?.subject }, 'log chunk not recorded'),
        onDeadLetter: (message, why) => {
          logger.error({ why, subject: message.subject }, 'log chunk set aside: dead letter');
          return Promise.resolve(); // the next chunk, or the end of the build, says which lines are missing
        },
      },
      signal,
    ),
  );
  await Promise.all(lanes);
}

/** Every chunk of the build has been recorded, refused or set aside. @throws SERVICE_UNAVAILABLE */
export const logHasArrived = (nats: NatsConnection, buildId: string): Promise<boolean> =>
  isWorkedOff(nats, {
    stream: STREAMS.logs,
    consumer: consumers.logs(partitionOf(buildId)),
    subject: subjects.log(buildId),
  });

function headerOf(message: JsMsg): LogChunkHeader {
  try {
    return LogChunkHeader.parse(JSON.parse(message.headers?.get(LOG_CHUNK_HEADER) ?? ''));
  } catch (cause) {
    throw new AppError('MESSAGE_INVALID', { subject: message.subject }, { cause });
  }
}
