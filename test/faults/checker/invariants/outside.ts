import type { Checkpoint, Finding, History } from '../history.js';

/** I6: nothing is left once all builds have ended. */
export const checkLeftovers = ({ leftovers }: History): readonly Finding[] =>
  leftovers.map(({ kind, where, name }) => ({
    invariant: 'I6',
    subject: `${kind} ${name}`,
    expected: 'gone a minute after the end',
    found: `still in ${where}`,
  }));

/** I7: a checkpoint never goes back. A rebuild begins a new one, which is not behind the old. */
export function checkCheckpoints({ checkpoints }: History): readonly Finding[] {
  const last = new Map<string, Checkpoint>();
  return checkpoints.flatMap((seen) => {
    const before = last.get(seen.view);
    last.set(seen.view, seen);
    if (!before || (seen.position >= before.position && seen.generation >= before.generation)) return [];
    return [
      {
        invariant: 'I7',
        subject: `the checkpoint of ${seen.view}`,
        expected: `${place(before)} or later`,
        found: place(seen),
      },
    ];
  });
}

const place = ({ position, generation }: Checkpoint): string => `${position} of generation ${generation}`;

/** An answer that takes longer hangs. The gateway waits 5 s for whoever decides. ms */
const ANSWER_LIMIT_MS = 15_000;

/** I8: the API answers 2xx, 4xx or 503, 429 and 503 with Retry-After, and never hangs. A gateway that was killed answers nothing. */
export const checkAnswers = ({ answers }: History): readonly Finding[] =>
  answers.flatMap(({ call, status, retryAfter, tookMs }): readonly Finding[] => {
    const slow = tookMs > ANSWER_LIMIT_MS;
    if (slow)
      return [
        {
          invariant: 'I8',
          subject: call,
          expected: `an answer in ${ANSWER_LIMIT_MS} ms`,
          found: `${Math.round(tookMs)} ms`,
        },
      ];
    if (status === undefined || isAnswer(status, Number(retryAfter) > 0)) return [];
    return [
      {
        invariant: 'I8',
        subject: call,
        expected: '2xx, 4xx or 503, 429 and 503 with Retry-After',
        found: `${status}, Retry-After ${retryAfter}`,
      },
    ];
  });

function isAnswer(status: number, saysWhen: boolean): boolean {
  if (status === 429 || status === 503) return saysWhen;
  return (status >= 200 && status < 300) || (status >= 400 && status < 500);
}

/** Whatever goes away, messages wait for it: none is given up. */
export const checkDeadLetters = ({ deadLetters }: History): readonly Finding[] =>
  deadLetters.map(({ subject, why }) => ({
    invariant: 'dead letter',
    subject,
    expected: 'taken in',
    found: `set aside: ${why}`,
  }));

/** Whatever goes away, services wait for it and go on. */
export const checkDeaths = ({ deaths }: History): readonly Finding[] =>
  deaths.map(({ name, code }) => ({
    invariant: 'alive',
    subject: name,
    expected: 'runs',
    found: `ended by itself with ${code}`,
  }));
