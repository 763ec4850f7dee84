import { until } from '@slipway/testing';
import Docker from 'dockerode';
import { checkHistory } from '../checker/check.js';
import type { Finding, History, Leftover } from '../checker/history.js';
import { recordedEvents } from '../checker/readers/events.js';
import { leftInEngine, leftInQueue, leftWithAgents } from '../checker/readers/leftovers.js';
import { readModelOf } from '../checker/readers/read-model.js';
import { digestsIn } from '../checker/readers/registry.js';
import { isTerminal, timelinesOf } from '../checker/timeline.js';
import type { FaultHouse } from './fault-house.js';

/** Every build must have ended by then, and the views must show it. ms */
const SETTLE_LIMIT_MS = 90_000;
/** I6. ms */
const LEFT_LIMIT_MS = 60_000;

/** Waits until the house has come to rest, and tests everything that is left. */
export async function inspect(house: FaultHouse): Promise<readonly Finding[]> {
  await atRest(house).catch(() => undefined); // findings say what is missing
  const { system, load, client, checkpoints, deaths, mayLoseLines } = house;
  const events = await recordedEvents(system.urls.eventStore);
  const history: History = {
    events,
    asked: load.asked,
    readModel: await readModelOf(system.databaseUrl, events),
    registry: house.usesDummy ? undefined : await digestsIn(system.urls.registry, events),
    leftovers: await leftAfterAWhile(
      house,
      timelinesOf(events).map(({ buildId }) => buildId),
    ),
    checkpoints: [...checkpoints.seen],
    answers: client.answers,
    deaths,
    mayLoseLines,
  };
  return checkHistory(history);
}

/** Waits until every build has ended and every view shows it. */
export const atRest = (house: FaultHouse): Promise<boolean> =>
  until(() => isAtRest(house), { limitMs: SETTLE_LIMIT_MS, everyMs: 250, what: 'the end of every build' });

/** The read model is looked at first: it costs nothing. */
async function isAtRest({ api, system, checkpoints }: FaultHouse): Promise<boolean> {
  const { count } = await api.builds('namespace=faults&status=I');
  if (count > 0) return false;
  const events = await recordedEvents(system.urls.eventStore);
  const hasEnded = timelinesOf(events).every(({ build }) => build.some(({ event }) => isTerminal(event)));
  const last = events.at(-1)?.position ?? 0;
  const shown = new Map(checkpoints.seen.map(({ view, position }) => [view, position]));
  return hasEnded && [...shown.values()].every((position) => position >= last);
}

async function leftAfterAWhile(house: FaultHouse, buildIds: readonly string[]): Promise<readonly Leftover[]> {
  let left: readonly Leftover[] = [];
  const look = async (): Promise<boolean> => {
    left = await leftBehind(house, buildIds);
    return left.length === 0;
  };
  await until(look, { limitMs: LEFT_LIMIT_MS, everyMs: 250 }).catch(() => undefined);
  return left;
}

async function leftBehind(
  { system, agentsDir }: FaultHouse,
  buildIds: readonly string[],
): Promise<readonly Leftover[]> {
  const { nats, dockerHost } = system.urls;
  const docker = dockerHost?.startsWith('unix://')
    ? new Docker({ socketPath: dockerHost.slice('unix://'.length) })
    : undefined;
  return [
    ...leftWithAgents(agentsDir),
    ...(await leftInQueue(nats)),
    ...(docker ? await leftInEngine(docker, buildIds) : []),
  ];
}
