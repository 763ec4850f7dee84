import type { JetStreamClient } from '@nats-io/jetstream';
import type { HeldLease } from '../lease/held-lease.js';
import type { FinalReport } from './final-reports.js';
import { publishReport } from './report-lane.js';

/** Time between looking whether the report was accepted, and between sending it again, ms. */
const LOOK_MS = 1_000;
const RESEND_MS = 5_000;

/**
 * Sends the last report again and again until the orchestrator has closed the build with it, or somebody newer holds the
 * build. Answers which. @throws LeaseEnded when the agent stops, or no orchestrator answers for too long
 */
export async function deliverFinal(
  jetstream: JetStreamClient,
  report: FinalReport,
  lease: HeldLease,
): Promise<'over' | 'stale'> {
  for (let tries = 1, sentAt = -Infinity; ;) {
    if (performance.now() - sentAt >= RESEND_MS) {
      const wasSent = await publishReport(jetstream, report, `${report.reportId}/${tries}`).then(
        () => true,
        () => false,
      );
      tries += 1;
      if (wasSent) sentAt = performance.now();
    }
    await lease.hinted(LOOK_MS);
    const answer = await lease.renew();
    if (answer === 'over' || answer === 'stale') return answer;
    lease.signal.throwIfAborted();
  }
}
