import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { PARTITIONS, Report, subjects, type Control } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { consumeLane, consumers, decodeMessage, STREAMS } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';

/** Records what agents report, lane by lane. Any number of orchestrators may run it. Resolves when `signal` is aborted. */
export async function consumeReports(
  {
    nats,
    record,
    logger,
  }: {
    readonly nats: NatsConnection;
    readonly record: (report: Report) => Promise<void>;
    readonly logger: Logger;
  },
  signal: AbortSignal,
): Promise<void> {
  const { consumers: opened } = jetstream(nats);
  const lanes = Array.from({ length: PARTITIONS }, (_, partition) =>
    consumeLane(
      () => opened.get(STREAMS.events, consumers.reports(partition)),
      {
        handle: async (message) => {
          const report = decodeMessage(message, Report);
          const fields = {
            buildId: report.buildId,
            attempt: report.attempt,
            leaseId: report.leaseId,
            report: report.type,
          };
          try {
            await record(report);
          } catch (error) {
            if (error instanceof AppError && error.kind === 'superseded')
              logger.warn(fields, 'report of a stale lease refused');
            throw error;
          } finally {
            if (report.type === 'ended') hint(nats, report.buildId);
          }
        },
        onError: (error, message) => logger.error({ error, subject: message?.subject }, 'report not recorded'),
      },
      signal,
    ),
  );
  await Promise.all(lanes);
}

/** Tells the holder to ask again; it asks by itself if this gets lost. */
const hint = (nats: NatsConnection, buildId: string): void =>
  nats.publish(subjects.control(buildId), JSON.stringify({ type: 'look' } satisfies Control));
