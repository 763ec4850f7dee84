import type { BuildEvent } from '@slipway/contracts';
import type { Finding } from '../history.js';
import type { Timeline, Told } from '../timeline.js';

/** I2: nothing is recorded of a stale attempt, neither in the build's event stream nor in its log. */
export const checkAttempts = (timelines: readonly Timeline[]): readonly Finding[] =>
  timelines.flatMap((timeline) => [...staleEvents(timeline), ...staleLines(timeline)]);

/**
 * Attempts are counted from 1 without a gap; between lease and loss only the holder speaks, and of this attempt. That it
 * is lost is told by the claim of the next one.
 */
function staleEvents({ buildId, build }: Timeline): readonly Finding[] {
  const findings: Finding[] = [];
  let current = 0;
  let holder: string | undefined; // none: the build waits
  for (const told of build) {
    const attempt = attemptOf(told.event);
    const expected = told.event.type === 'AttemptLeased' ? current + 1 : current;
    if (attempt !== undefined && attempt !== expected)
      findings.push(stale(buildId, told, `attempt ${expected}`, `attempt ${attempt}`));
    if (told.event.type === 'AttemptLeased') {
      current = told.event.data.attempt;
      holder = `agent:${told.event.data.agentId}`;
    } else if (
      told.actor.startsWith('agent:') &&
      holder !== undefined &&
      told.actor !== holder &&
      told.event.type !== 'AttemptLost'
    ) {
      findings.push(stale(buildId, told, `said by ${holder}, which has the lease`, `said by ${told.actor}`));
    }
    if (told.event.type === 'AttemptLost') holder = undefined;
  }
  return findings;
}

const attemptOf = ({ data }: BuildEvent): number | undefined => ('attempt' in data ? data.attempt : undefined);

/** The attempts of a log only ever grow. */
function staleLines({ buildId, log }: Timeline): readonly Finding[] {
  return log.flatMap((told, index) => {
    const before = log[index - 1]?.event.data.attempt ?? 0;
    const { attempt } = told.event.data;
    return attempt >= before ? [] : [stale(buildId, told, `attempt ${before} or later`, `attempt ${attempt}`)];
  });
}

const stale = (
  buildId: string,
  { event, position }: Told<{ readonly type: string }>,
  expected: string,
  found: string,
): Finding => ({ invariant: 'I2', subject: `${event.type} of build ${buildId} at ${position}`, expected, found });
