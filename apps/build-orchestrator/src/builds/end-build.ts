import type { CommandReply, EndBuildCommand } from '@slipway/contracts';
import type { CommandContext, EventStore } from '@slipway/event-store';
import { NO_LOG, type LogDesk } from '../logs/log-desk.js';
import type { BuildDesk } from './build-desk.js';
import { buildEventsOf } from './build-events.js';

/**
 * Cancels a build that is open, or removes one that has ended from the lists. Answers the last event of the build: a
 * build whose agent still has to stop ends with CancelRequested. Safe to repeat.
 * @throws BUILD_NOT_FOUND; BUILD_PUBLISHING: too late to cancel it
 */
export async function endBuild(
  {
    store,
    builds,
    logs,
    hintHolder,
  }: {
    readonly store: EventStore;
    readonly builds: BuildDesk;
    readonly logs: LogDesk;
    /** Tells the agent at once; if that gets lost, its next renewal does. */
    readonly hintHolder: (buildId: string) => void;
  },
  { buildId, wasOpen }: EndBuildCommand,
  context: CommandContext & { readonly requestedBy: string },
): Promise<CommandReply> {
  const before = await builds.load(buildId);
  const wasTried = before.phase === 'queued' && before.attempt > 0;
  if (wasTried) await logs.fence(buildId, before.attempt + 1); // lines of the lost attempt may still be on their way
  const log = wasTried ? await logs.recorded(buildId) : NO_LOG;
  const { state, position } = await builds.handleAs(
    { type: 'EndBuild', data: { buildId, wasOpen, by: context.requestedBy, ...log, at: context.at } },
    context,
  );
  if (state.phase === 'running') hintHolder(buildId);
  return { events: (await buildEventsOf(store, buildId)).slice(-1), position };
}
