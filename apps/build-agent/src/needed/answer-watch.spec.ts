import { silentLogger } from '@slipway/platform';
import { JobGate } from '../slots/job-gate.js';
import { AnswerWatch, type Needed } from './answer-watch.js';

const LIMIT_MS = 20;
const answers = () => Promise.resolve();
const refuses = () => Promise.reject(new Error('connection refused'));
const hangs = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** What speaks against jobs after each look. */
async function reasonsAfter(pings: readonly Needed['ping'][], fromTheStart: boolean) {
  const gate = new JobGate();
  let ping: Needed['ping'] = answers;
  const needed: Needed = { reason: 'registry', name: 'it', ping: (signal) => ping(signal), fromTheStart };
  const watch = new AnswerWatch(needed, gate, silentLogger, LIMIT_MS);
  const seen: string[] = [];
  for (ping of pings) {
    await watch.look();
    seen.push(gate.reasons.join());
  }
  return seen;
}

describe('something that builds need', () => {
  it('holds jobs up from when it does not answer until it does', async () =>
    expect(await reasonsAfter([answers, refuses, hangs, answers], true)).toEqual(['', 'registry', 'registry', '']));

  it('holds them up from the start on when it has to be there then', async () =>
    expect(await reasonsAfter([refuses, answers], true)).toEqual(['registry', '']));

  it('says nothing before its first answer when it may be out of reach', async () =>
    expect(await reasonsAfter([refuses, hangs, answers, refuses], false)).toEqual(['', '', '', 'registry']));
});
