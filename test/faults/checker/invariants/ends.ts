import type { Asked, Finding, History } from '../history.js';
import { isTerminal, type Timeline } from '../timeline.js';

/** I1: every accepted build reaches exactly one terminal event, and one wish makes one build. */
export function checkEnds(timelines: readonly Timeline[], { asked }: History): readonly Finding[] {
  const requested = new Set(timelines.filter(({ build }) => build[0]?.event.type === 'BuildRequested').map(idOf));
  return [...timelines.flatMap(endsOf), ...asked.flatMap((wish) => wishOf(wish, requested))];
}

const idOf = ({ buildId }: Timeline): string => buildId;

function endsOf({ buildId, build }: Timeline): readonly Finding[] {
  const subject = `build ${buildId}`;
  const types = build.map(({ event }) => event.type);
  const ends = build.filter(({ event }) => isTerminal(event));
  const after = ends[0] === undefined ? [] : types.slice(build.indexOf(ends[0]) + 1);
  const late = after.filter((type) => type !== 'BuildRemoved');
  const findings: Finding[] = [];
  if (types[0] !== 'BuildRequested')
    findings.push({ invariant: 'I1', subject, expected: 'BuildRequested first', found: types[0] ?? 'no event' });
  if (ends.length !== 1)
    findings.push({ invariant: 'I1', subject, expected: 'exactly one terminal event', found: types.join(', ') });
  else if (late.length > 0)
    findings.push({ invariant: 'I1', subject, expected: 'nothing after its end', found: types.join(', ') });
  return findings;
}

function wishOf({ key, buildIds: named, isRefused }: Asked, requested: ReadonlySet<string>): readonly Finding[] {
  const buildIds = [...new Set(named)];
  if (isRefused && buildIds.length === 0) return [];
  const lost = buildIds.filter((buildId) => !requested.has(buildId));
  return [
    ...lost.map((buildId): Finding => {
      const expected = 'in the event store, since it was accepted with 201';
      return { invariant: 'I1', subject: `build ${buildId}`, expected, found: 'no BuildRequested' };
    }),
    ...(buildIds.length === 1 ? [] : [notOne(key, buildIds)]),
  ];
}

const notOne = (key: string, buildIds: readonly string[]): Finding => ({
  invariant: 'I1',
  subject: `the request under key ${key}`,
  expected: 'one build',
  found: buildIds.length === 0 ? 'it was never accepted' : buildIds.join(', '),
});
