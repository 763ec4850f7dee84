import { FAILURES, type BuildEvent, type FailureCode } from '@slipway/contracts';
import type { Build } from '@slipway/domain';
import type { Handled } from '@slipway/event-store';
import { count, countMany, observe } from '@slipway/platform';

const ENDS = { BuildSucceeded: 'succeeded', BuildFailed: 'failed', BuildCancelled: 'cancelled' } as const;

/** Everything shows 0 before it has happened: Prometheus sees no growth in a series that begins at 1. */
export function declareBuildCounts(): void {
  for (const status of Object.values(ENDS)) countMany('slipway_builds_ended_total', 0, { status });
  for (const [code, { infrastructure }] of Object.entries(FAILURES)) {
    if (!infrastructure || code === EXHAUSTED) countMany('slipway_build_failures_total', 0, { code });
    if (infrastructure && code !== EXHAUSTED) countMany('slipway_attempts_given_back_total', 0, { code });
  }
}

/** The one failure of a build that no agent reports. */
const EXHAUSTED: FailureCode = 'ATTEMPTS_EXHAUSTED';

/** What this orchestrator has decided: an event counts once, however many orchestrators there are. */
export function countBuildEvents({ state, events }: Pick<Handled<Build, BuildEvent>, 'state' | 'events'>): void {
  for (const event of events) {
    countLoss(event);
    countEnd(event);
    countAttempt(event, state);
  }
}

function countLoss({ type, data }: BuildEvent): void {
  if (type !== 'AttemptLost') return;
  if (data.failure) count('slipway_attempts_given_back_total', { code: data.failure.code });
  else count('slipway_lease_losses_total');
}

function countEnd({ type, data }: BuildEvent): void {
  if (type === 'BuildFailed') count('slipway_build_failures_total', { code: data.failure.code });
  if (type === 'BuildSucceeded' || type === 'BuildFailed' || type === 'BuildCancelled')
    count('slipway_builds_ended_total', { status: ENDS[type] });
}

function countAttempt({ type, data }: BuildEvent, state: Build): void {
  if (type !== 'AttemptLeased') return;
  count('slipway_attempts_total');
  if (data.attempt !== 1 || state.phase !== 'running') return;
  const queuedMs = Date.parse(data.at) - Date.parse(state.requestedAt);
  observe('slipway_build_phase_duration_seconds', Math.max(queuedMs, 0) / 1_000, { phase: 'queued' });
}
