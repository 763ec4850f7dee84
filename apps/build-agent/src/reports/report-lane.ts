import { randomUUID } from 'node:crypto';
import type { JetStreamClient } from '@nats-io/jetstream';
import { subjects, type Lease, type Report, type ReportOf } from '@slipway/contracts';
import type { Clock } from '@slipway/kernel';
import { pause, publish, traceHeaders } from '@slipway/messaging';

const RETRY_MS = 500;

/** What an attempt says besides its log; the lease and the time are added. */
export type ReportBody = Omit<ReportOf<'source-resolved'>, Common> | Omit<ReportOf<'step-advanced'>, Common>;
type Common = 'reportId' | 'attempt' | 'at' | keyof Lease;

/** Sends the reports of one attempt in order, without holding the build up. */
export class ReportLane {
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly jetstream: JetStreamClient,
    private readonly speaker: Lease & { readonly attempt: number },
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  send(body: ReportBody): void {
    const { buildId, agentId, leaseId, attempt } = this.speaker;
    const report: Report = {
      ...body,
      reportId: randomUUID(),
      buildId,
      agentId,
      leaseId,
      attempt,
      at: this.clock.now(),
    };
    this.#last = this.#last.then(() => sendReport(this.jetstream, report, this.signal));
  }

  /** Everything sent so far is stored, or the lease has ended. */
  flush(): Promise<void> {
    return this.#last;
  }
}

async function sendReport(jetstream: JetStreamClient, report: Report, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await publishReport(jetstream, report, report.reportId);
    } catch {
      await pause(RETRY_MS, signal);
    }
  }
}

/** @throws SERVICE_UNAVAILABLE */
export function publishReport(jetstream: JetStreamClient, report: Report, messageId: string): Promise<void> {
  const headers = traceHeaders();
  const subject = subjects.event(report.buildId, report.type);
  return publish(jetstream, { subject, body: JSON.stringify(report), messageId, ...(headers && { headers }) });
}
