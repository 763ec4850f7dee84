import type { JetStreamClient } from '@nats-io/jetstream';
import { Doubling } from '@slipway/kernel';
import type { HeldLease } from '../lease/held-lease.js';
import type { FinalReport } from './final-reports.js';
import { publishReport } from './report-lane.js';

/** Time until it is looked whether the report was accepted, if no hint comes before; each time twice as long, ms. */
const LOOK_MS = { first: 1_000, most: 5_000 } as const;
/** Until it is sent again, lest the queue has forgotten it, ms; the same. */
const RESEND_MS = { first: 5_000, most: 60_000 } as const;

/**
 * Sends the last report again and again until the orchestrator has closed the build with it, or somebody newer holds the
 * build. Answers which. @throws LeaseEnded when the agent stops, or no orchestrator answers for too long
 */
export async function deliverFinal(
  jetstream: JetStreamClient,
  report: FinalReport,
  lease: HeldLease,
): Promise<'over' | 'stale'> {
  const look = new Doubling(LOOK_MS);
  const resend = new Doubling(RESEND_MS);
  for (let tries = 1, sendAt = performance.now(); ;) {
    if (performance.now() >= sendAt) {
      const wasSent = await publishReport(jetstream, report, `${report.reportId}/${tries}`).then(
        () => true,
        () => false,
      );
      tries += 1;
      if (wasSent) sendAt = performance.now() + resend.next();
    }
    await lease.hinted(look.next());
    const answer = await lease.renew();
    if (answer === 'over' || answer === 'stale') return answer;
    lease.signal.throwIfAborted();
  }
}
