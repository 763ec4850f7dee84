import type { BuildEvent } from '@slipway/contracts';
import type { Build } from '@slipway/domain';
import type { Handled } from '@slipway/event-store';
import { count, observe } from '@slipway/platform';

/** What this orchestrator has decided: an event counts once, however many orchestrators there are. */
export function countBuildEvents({ state, events }: Pick<Handled<Build, BuildEvent>, 'state' | 'events'>): void {
  for (const { type, data } of events) {
    if (type === 'AttemptLost') count('slipway_lease_losses_total');
    if (type === 'BuildSucceeded') count('slipway_builds_ended_total', { status: 'succeeded' });
    if (type === 'BuildFailed') count('slipway_builds_ended_total', { status: 'failed' });
    if (type === 'BuildCancelled') count('slipway_builds_ended_total', { status: 'cancelled' });
    if (type !== 'AttemptLeased') continue;
    count('slipway_attempts_total');
    if (data.attempt !== 1 || state.phase !== 'running') continue;
    const queuedMs = Date.parse(data.at) - Date.parse(state.requestedAt);
    observe('slipway_build_phase_duration_seconds', Math.max(queuedMs, 0) / 1_000, { phase: 'queued' });
  }
}
