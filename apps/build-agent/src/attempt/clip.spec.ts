import { BuildFailure } from '../builder/build-failure.js';
import { AttemptLog } from '../log/index.js';
import { SecretMask } from '../mask/secret-mask.js';
import type { ReportBody, ReportLane } from '../reports/report-lane.js';
import { clip, MESSAGE_CHARS, STEP_CHARS } from './clip.js';
import { shownFailure } from './failure.js';
import { StepTracker } from './step-tracker.js';

/** What JetStream takes of one message, headers and all. */
const MAX_PAYLOAD_BYTES = 1_048_576;

describe('clip', () => {
  it('leaves what fits as it is', () => expect(clip('text', 4)).toBe('text'));

  it('keeps the beginning of a longer text, and says how long it was', () =>
    expect(clip('x'.repeat(100), 25)).toBe(`${'x'.repeat(6)} … (100 characters)`));

  it('cuts no character in two', () => expect(clip('😀'.repeat(50), 26).isWellFormed()).toBe(true));
});

describe('a Dockerfile whose step is 10 MB long', () => {
  const name = `[2/2] RUN : ${'é'.repeat(5_000_000)}`;

  function attempt() {
    const said: ReportBody[] = [];
    const logged: string[] = [];
    const mask = new SecretMask();
    const log = new AttemptLog({
      mask,
      publish: async ({ lines }) => void logged.push(...lines.map(({ message }) => message)),
    });
    const reports: Pick<ReportLane, 'send'> = { send: (body) => void said.push(body) };
    const steps = new StepTracker(log, reports as ReportLane, mask);
    return { said, logged, mask, log, steps };
  }

  it('is reported in messages that fit, and logged in full', async () => {
    const { said, logged, log, steps } = attempt();
    await steps.step({ id: 'a', index: 2, total: 2, name, cached: false });
    await steps.stepDone({ id: 'a', index: 2, name, cached: false, durationMs: 1 });
    await log.close();
    expect(said).toHaveLength(2);
    for (const body of said) expect(JSON.stringify(body).length).toBeLessThan(2 * STEP_CHARS);
    expect(logged.map((line) => line.replace(/^\[part \d+(, last)?\] /, '')).join('')).toBe(name);
  });

  it('fails with a failure that fits', async () => {
    const { mask, steps } = attempt();
    await steps.step({ id: 'a', index: 2, total: 2, name, cached: false });
    await steps.output(Buffer.alloc(10_000_000, 'y'), 'stdout', 'a');
    await steps.end();
    const error = new BuildFailure('DOCKERFILE_STEP_FAILED', `process "${name}" failed`, {
      step: { name, index: 2, exitCode: 1 },
    });
    const failure = shownFailure(error, steps, mask);
    expect(failure).toMatchObject({ code: 'DOCKERFILE_STEP_FAILED', exitCode: 1 });
    expect(failure?.message.length).toBeLessThanOrEqual(MESSAGE_CHARS);
    expect(Buffer.byteLength(JSON.stringify(failure))).toBeLessThan(MAX_PAYLOAD_BYTES / 4);
  });
});
