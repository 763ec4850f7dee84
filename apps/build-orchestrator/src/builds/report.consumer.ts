import type { NatsConnection } from '@nats-io/transport-node';
import { LastWord, PARTITIONS, Report } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { consumeLane, consumers, decodeMessage, STREAMS, traceparentOf, type Lane } from '@slipway/messaging';
import { observe, secondsSince, SPANS, traced, type Logger, type SpanOptions } from '@slipway/platform';
import { hintHolder } from './hint-holder.js';

export interface ReportParts {
  readonly nats: NatsConnection;
  readonly record: (report: Report) => Promise<void>;
  /** Of an attempt whose last report cannot be recorded. */
  readonly loseAttempt: (report: LastWord, why: string) => Promise<void>;
  readonly dependencies: Lane['dependencies'];
  readonly logger: Logger;
}

/** Records what agents report, lane by lane. Any number of orchestrators may run it. Resolves when `signal` is aborted. */
export async function consumeReports(parts: ReportParts, signal: AbortSignal): Promise<void> {
  const { nats, dependencies, logger } = parts;
  const lanes = Array.from({ length: PARTITIONS }, (_, partition) =>
    consumeLane(
      nats,
      {
        stream: STREAMS.events,
        consumer: consumers.reports(partition),
        dependencies,
        handle: async (message) => {
          const report = decodeMessage(message, Report);
          await traced(SPANS.report, spanOf(report, traceparentOf(message)), () => recordOne(parts, report));
        },
        onError: (error, message) => logger.error({ error, subject: message?.subject }, 'report not recorded'),
        onDeadLetter: async (message, why) => {
          logger.error({ why, subject: message.subject }, 'report set aside: dead letter');
          const report = readable(() => decodeMessage(message, LastWord));
          if (report) await parts.loseAttempt(report, why.message);
        },
      },
      signal,
    ),
  );
  await Promise.all(lanes);
}

async function recordOne({ nats, record, logger }: ReportParts, report: Report): Promise<void> {
  const { buildId, attempt, leaseId, type } = report;
  try {
    await record(report);
    observe('slipway_report_lag_seconds', secondsSince(Date.parse(report.at)));
  } catch (error) {
    if (error instanceof AppError && error.kind === 'superseded')
      logger.warn({ buildId, attempt, leaseId, report: type }, 'report of a stale lease refused');
    throw error;
  } finally {
    if (type === 'ended') hintHolder(nats, buildId);
  }
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const spanOf = ({ type, buildId, attempt, agentId }: Report, from: string): SpanOptions => ({
  kind: 'consumer',
  from,
  attributes: {
    'slipway.report': type,
    'slipway.build_id': buildId,
    'slipway.attempt': attempt,
    'slipway.agent_id': agentId,
  },
});
