import { decodeLogChunk } from '@slipway/contracts';
import type { Finding, History } from '../history.js';
import { isTerminal, type Timeline } from '../timeline.js';

/** I3: log lines are gapless, without duplicates, and complete before the terminal event. */
export const checkLogLines = (timelines: readonly Timeline[], { mayLoseLines }: History): readonly Finding[] =>
  timelines.flatMap((timeline) => {
    const lines = linesOf(timeline);
    return [
      ...numbers(timeline),
      ...completeness(timeline),
      ...spoken(timeline, lines),
      ...(mayLoseLines ? [] : lost(timeline, lines)),
    ];
  });

interface Line {
  readonly attempt: number;
  readonly message: string;
}

const linesOf = ({ log }: Timeline): readonly Line[] =>
  log.flatMap(({ event }) => {
    if (event.type !== 'LogAppended') return [];
    return decodeLogChunk(event.data.chunk).map(({ message }) => ({ attempt: event.data.attempt, message }));
  });

/** Each chunk begins where the last one ended, and holds as many lines as it says. */
function numbers({ buildId, log }: Timeline): readonly Finding[] {
  const findings: Finding[] = [];
  let total = 0;
  for (const { event, position } of log) {
    const subject = `the log of build ${buildId} at ${position}`;
    if (event.type === 'LogFenced') {
      if (event.data.totalLines !== total)
        findings.push(odd(subject, `fenced after ${total} lines`, `after ${event.data.totalLines}`));
      continue;
    }
    const { firstLine, lines, chunk } = event.data;
    if (firstLine !== total + 1) findings.push(odd(subject, `line ${total + 1} next`, `line ${firstLine}`));
    const held = decodeLogChunk(chunk).length;
    if (held !== lines) findings.push(odd(subject, `a chunk of ${lines} lines, as it says`, `${held} lines`));
    total = firstLine + lines - 1;
  }
  return findings;
}

function completeness({ buildId, build, log }: Timeline): readonly Finding[] {
  const end = build.find(({ event }) => isTerminal(event));
  if (!end || !isTerminal(end.event)) return []; // what I1 is about
  const subject = `the log of build ${buildId}`;
  const late = log.filter(({ position }) => position > end.position);
  const total = log.reduce((lines, { event }) => lines + (event.type === 'LogAppended' ? event.data.lines : 0), 0);
  const { logLines } = end.event.data;
  return [
    ...late.map(({ event, position }) =>
      odd(subject, `nothing after the end at ${end.position}`, `${event.type} at ${position}`),
    ),
    ...(logLines === total ? [] : [odd(subject, `${logLines} lines, as its end says`, `${total} lines`)]),
  ];
}

/** What builders of tests write: lines that are counted from 1 in every attempt. */
const COUNTED = /^(?:dummy line|tick) (\d+)\b/;

/** The lines themselves, not only their numbers: of the attempt that was the last one all, of others the first ones. */
function spoken({ buildId }: Timeline, lines: readonly Line[]): readonly Finding[] {
  const said = new Map<number, number[]>();
  for (const { attempt, message } of lines) {
    const number = COUNTED.exec(message)?.[1];
    if (number === undefined) continue;
    const known = said.get(attempt) ?? [];
    known.push(Number(number));
    said.set(attempt, known);
  }
  return [...said].flatMap(([attempt, counted]) => {
    const at = counted.findIndex((number, index) => number !== index + 1);
    if (at < 0 || hasLost(lines)) return [];
    return [odd(`attempt ${attempt} of build ${buildId}`, `output line ${at + 1}`, `output line ${counted[at]}`)];
  });
}

/** The orchestrator's words for lines that never came. */
const LOST = /^\d+ log lines were lost on their way$/;
const hasLost = (lines: readonly Line[]): boolean => lines.some(({ message }) => LOST.test(message));

const lost = ({ buildId }: Timeline, lines: readonly Line[]): readonly Finding[] =>
  lines
    .filter(({ message }) => LOST.test(message))
    .map(({ message }) => odd(`the log of build ${buildId}`, 'every line', message));

const odd = (subject: string, expected: string, found: string): Finding => ({
  invariant: 'I3',
  subject,
  expected,
  found,
});
