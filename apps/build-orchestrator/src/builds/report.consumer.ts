import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { PARTITIONS, Report } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { consumeLane, consumers, decodeMessage, STREAMS } from '@slipway/messaging';
import { observe, secondsSince, type Logger } from '@slipway/platform';
import { hintHolder } from './hint-holder.js';

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
            observe('slipway_report_lag_seconds', secondsSince(Date.parse(report.at)));
          } catch (error) {
            if (error instanceof AppError && error.kind === 'superseded')
              logger.warn(fields, 'report of a stale lease refused');
            throw error;
          } finally {
            if (report.type === 'ended') hintHolder(nats, report.buildId);
          }
        },
        onError: (error, message) => logger.error({ error, subject: message?.subject }, 'report not recorded'),
      },
      signal,
    ),
  );
  await Promise.all(lanes);
}
