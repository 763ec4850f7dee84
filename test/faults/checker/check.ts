import type { Finding, History } from './history.js';
import { checkAttempts } from './invariants/attempts.js';
import { checkDigests } from './invariants/digests.js';
import { checkEnds } from './invariants/ends.js';
import { checkLogLines } from './invariants/log-lines.js';
import { checkAnswers, checkCheckpoints, checkDeadLetters, checkDeaths, checkLeftovers } from './invariants/outside.js';
import { checkReadModel } from './invariants/read-model.js';
import { timelinesOf } from './timeline.js';

/** Tests I1 to I8 on what is left of a run whose builds have all ended. Pure. */
export function checkHistory(history: History): readonly Finding[] {
  const timelines = timelinesOf(history.events);
  return [
    ...checkEnds(timelines, history),
    ...checkAttempts(timelines),
    ...checkLogLines(timelines, history),
    ...checkReadModel(history),
    ...checkDigests(timelines, history),
    ...checkLeftovers(history),
    ...checkCheckpoints(history),
    ...checkAnswers(history),
    ...checkDeaths(history),
    ...checkDeadLetters(history),
  ];
}
