import { BuildView } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { recordedEvents } from '../checker/readers/events.js';
import { timelinesOf } from '../checker/timeline.js';
import type { FaultHouse } from './fault-house.js';

/** Waits until an agent is at work on a build. Answers the build's id. */
export function atWorkOn({ load, client }: FaultHouse, agentId: string): Promise<string> {
  const isAt = async (buildId: string): Promise<boolean> => {
    const { body } = await client.call(`/v1/builds/${buildId}`);
    const build = BuildView.safeParse(body).data;
    return build?.agent === agentId && build.status === 'I';
  };
  const look = async (): Promise<string | undefined> => {
    for (const { buildIds } of load.asked.slice(-20))
      for (const buildId of buildIds) if (await isAt(buildId)) return buildId;
    return undefined;
  };
  return until(look, { limitMs: 60_000, everyMs: 100, what: `a build with ${agentId}` });
}

/** Asks for a build, and waits until everybody can see that it succeeded. */
export async function isBuiltAndShown(
  { load, client }: FaultHouse,
  repository: string,
  { what, limitMs = 60_000 }: { readonly what: string; readonly limitMs?: number },
): Promise<void> {
  const buildId = await load.ask(repository);
  const isShown = async (): Promise<boolean> => {
    const { body } = await client.call(`/v1/builds/${buildId}`);
    return BuildView.safeParse(body).data?.status === 'S';
  };
  await until(isShown, { limitMs, everyMs: 100, what });
}

export interface Tally {
  readonly builds: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Attempts that another one followed, or the end. */
  readonly lost: number;
}

/** What is recorded so far. */
export async function tally({ system }: FaultHouse): Promise<Tally> {
  const timelines = timelinesOf(await recordedEvents(system.urls.eventStore));
  const count = (type: string): number =>
    timelines.reduce((sum, { build }) => sum + build.filter(({ event }) => event.type === type).length, 0);
  return {
    builds: timelines.length,
    succeeded: count('BuildSucceeded'),
    failed: count('BuildFailed'),
    lost: count('AttemptLost'),
  };
}

export const told = ({ builds, succeeded, failed, lost }: Tally): string =>
  `${builds} builds, ${succeeded} succeeded, ${failed} failed, ${lost} attempts lost`;

/** A scenario in which what it is about did not happen proves nothing. */
export function assertHappened(what: string, happened: boolean): void {
  if (!happened) throw new Error(`the scenario proves nothing: ${what}`);
}
