import { openSpan, SPANS, type SpanAttributes } from '@slipway/platform';
import type { FinalReport } from '../reports/final-reports.js';

/** One attempt, with how it ended: a failure is an answer, and still to be seen as one. */
export async function tracedAttempt(
  attributes: SpanAttributes,
  work: () => Promise<FinalReport>,
): Promise<FinalReport> {
  const span = openSpan(SPANS.attempt, { attributes });
  try {
    const report = await span.within(work);
    const { outcome } = report;
    span.annotate({ 'slipway.outcome': outcome.status });
    span.end(outcome.status === 'failed' ? outcome.failure : undefined);
    return report;
  } catch (error) {
    span.end(error);
    throw error;
  }
}
