import { streams, type BuildEvent } from '@slipway/contracts';
import { build, type Build, type BuildCommand } from '@slipway/domain';
import {
  buildCodec,
  commandHandler,
  uuidV5,
  type CommandContext,
  type EventStore,
  type Handled,
  type Handling,
} from '@slipway/event-store';
import { countBuildEvents, declareBuildCounts } from './count-events.js';

/** Where builds are decided. Every method may be called concurrently and repeated with the same `cause`. */
export interface BuildDesk {
  /** `cause` names what is being said: the same words give the same command id, so saying it twice appends nothing. */
  readonly handle: (
    command: BuildCommand,
    by: { readonly cause: string; readonly actor: string },
  ) => Promise<Handled<Build, BuildEvent>>;
  /** With a context of its own: for commands that bring their id and trace along. */
  readonly handleAs: (
    command: BuildCommand,
    context: CommandContext,
    handling?: Handling,
  ) => Promise<Handled<Build, BuildEvent>>;
  readonly load: (buildId: string) => Promise<Build>;
}

const REMEMBERED_BUILDS = 10_000;

export function buildDesk(store: EventStore): BuildDesk {
  declareBuildCounts();
  const decide = commandHandler(store, build, buildCodec, { remember: REMEMBERED_BUILDS });
  const handle = async (...command: Parameters<typeof decide>): ReturnType<typeof decide> => {
    const handled = await decide(...command);
    countBuildEvents(handled);
    return handled;
  };
  return {
    handle: (command, { cause, actor }) =>
      handle(streams.build(command.data.buildId), command, {
        commandId: uuidV5(cause),
        at: command.data.at, // one time for what was decided, in the event and beside it
        actor,
        correlationId: command.data.buildId,
      }),
    handleAs: (command, ...how) => handle(streams.build(command.data.buildId), command, ...how),
    load: (buildId) => decide.load(streams.build(buildId)),
  };
}
