import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@slipway/testing';
import { checkHistory } from '../checker/check.js';
import type { Finding, History, Leftover } from '../checker/history.js';
import { setAside } from '../checker/readers/dead-letters.js';
import { recordedEvents } from '../checker/readers/events.js';
import { leftInEngine, leftInQueue, leftWithAgent } from '../checker/readers/leftovers.js';
import { readModelOf } from '../checker/readers/read-model.js';
import { digestsIn } from '../checker/readers/registry.js';
import { isTerminal, timelinesOf } from '../checker/timeline.js';
import type { FaultHouse } from './fault-house.js';

/** Nothing new for so long: what has not ended or is not shown by then never will. ms */
const STILL_LIMIT_MS = 60_000;
/** I6. ms */
const LEFT_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** Waits until the house has come to rest, and tests everything that is left. */
export async function inspect(house: FaultHouse): Promise<readonly Finding[]> {
  await atRest(house).catch(() => undefined); // findings say what is missing
  const { system, load, client, checkpoints, deaths, mayLoseLines } = house;
  const events = await recordedEvents(system.urls.eventStore);
  const history: History = {
    events,
    asked: load.asked,
    readModel: await readModelOf(system.databaseUrl, events),
    registry: house.docker === undefined ? undefined : await digestsIn(system.urls.registry, events),
    leftovers: await leftAfterAWhile(
      house,
      timelinesOf(events).map(({ buildId }) => buildId),
    ),
    checkpoints: [...checkpoints.seen],
    answers: client.answers,
    deaths,
    deadLetters: await setAside(system.urls.nats),
    mayLoseLines,
  };
  return checkHistory(history);
}

/** Waits until every build has ended and every view shows it. @throws when nothing happens any more before */
export async function atRest(house: FaultHouse): Promise<void> {
  let [seen, seenAt] = ['', performance.now()];
  for (;;) {
    const { isOver, progress } = await look(house);
    if (isOver) return;
    if (progress !== seen) [seen, seenAt] = [progress, performance.now()];
    if (performance.now() - seenAt > STILL_LIMIT_MS) throw new Error(`nothing more happened after ${seen}`);
    await pause(LOOK_EVERY_MS);
  }
}

async function look({ system, checkpoints }: FaultHouse): Promise<{ isOver: boolean; progress: string }> {
  const events = await recordedEvents(system.urls.eventStore);
  const ended = timelinesOf(events).map(({ build }) => build.some(({ event }) => isTerminal(event)));
  const last = events.at(-1)?.position ?? 0;
  const shown = [...new Map(checkpoints.seen.map(({ view, position }) => [view, position])).values()];
  return {
    isOver: ended.every((hasEnded) => hasEnded) && shown.every((position) => position >= last),
    progress: `event ${last}, views at ${shown.join(', ')}`,
  };
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
  { system, agentDirs, docker }: FaultHouse,
  buildIds: readonly string[],
): Promise<readonly Leftover[]> {
  return [
    ...agentDirs.flatMap(leftWithAgent),
    ...(await leftInQueue(system.urls.nats)),
    ...(docker ? await leftInEngine(docker, buildIds) : []),
  ];
}
