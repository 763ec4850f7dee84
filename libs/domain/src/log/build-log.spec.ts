import type { BuildLogEvent } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { buildLog, type BuildLogCommand } from './build-log.js';

const given = specify(buildLog);
const buildId = '5709f780-e8fb-4b52-aa3b-6256b572fb51';
const chunk = { firstTime: 1_000, lastTime: 2_000, chunk: new Uint8Array([1, 2, 3]) };
const append = (attempt: number, firstLine: number, lines: number): BuildLogCommand => ({
  type: 'AppendLines',
  data: { buildId, attempt, firstLine, lines, ...chunk },
});
/** `chunks`: how many there are by then; each has three bytes. */
const appended = (
  [attempt, firstLine, lines, attemptLines]: readonly [number, number, number, number],
  chunks = 1,
): BuildLogEvent => ({
  type: 'LogAppended',
  data: { buildId, attempt, firstLine, lines, attemptLines, totalBytes: 3 * chunks, ...chunk },
});
const fence = (attempt: number): BuildLogCommand => ({ type: 'FenceAttempt', data: { buildId, attempt } });
const fenced = (attempt: number, totalLines: number): BuildLogEvent => ({
  type: 'LogFenced',
  data: { buildId, attempt, totalLines, totalBytes: 3 },
});

describe('a build log', () => {
  it('begins at line 1', () =>
    given()
      .when(append(1, 1, 10))
      .then(appended([1, 1, 10, 10])));

  it('goes on where it stopped', () =>
    given(appended([1, 1, 10, 10]))
      .when(append(1, 11, 5))
      .then(appended([1, 11, 5, 15], 2)));

  it('takes a chunk once', () =>
    given(appended([1, 1, 10, 10]))
      .when(append(1, 1, 10))
      .thenNothing());

  it('waits for the lines before', () =>
    given(appended([1, 1, 10, 10]))
      .when(append(1, 16, 5))
      .thenRejects('LOG_GAP'));

  it('numbers the lines of a later attempt after those of the earlier one', () =>
    given(appended([1, 1, 10, 10]), fenced(2, 10))
      .when(append(2, 1, 3))
      .then(appended([2, 11, 3, 3], 2)));

  it('refuses lines of an attempt that lost its lease', () =>
    given(appended([1, 1, 10, 10]), fenced(2, 10))
      .when(append(1, 11, 3))
      .thenRejects('LEASE_STALE'));

  it('says in one line how many lines never came, and goes on after them', () => {
    const closeGap: BuildLogCommand = { type: 'CloseGap', data: { buildId, attempt: 1, upTo: 15, lines: 1, ...chunk } };
    given(appended([1, 1, 10, 10]))
      .when(closeGap)
      .then(appended([1, 11, 1, 15], 2));
    given(appended([1, 1, 10, 10]), appended([1, 11, 1, 15], 2))
      .when(closeGap)
      .thenNothing();
    given(appended([1, 1, 10, 10]), appended([1, 11, 1, 15], 2))
      .when(append(1, 16, 5))
      .then(appended([1, 12, 5, 20], 3));
  });

  it('is fenced once an attempt', () => {
    given(appended([1, 1, 10, 10]))
      .when(fence(2))
      .then(fenced(2, 10));
    given(appended([1, 1, 10, 10]), fenced(2, 10))
      .when(fence(2))
      .thenNothing();
  });

  it('begins to count bytes where an older version did not', () => {
    const uncounted = ({ type, data }: BuildLogEvent): BuildLogEvent =>
      ({ type, data: { ...data, totalBytes: undefined } }) as BuildLogEvent;
    given(uncounted(appended([1, 1, 10, 10])))
      .when(append(1, 11, 5))
      .then(appended([1, 11, 5, 15], 1));
    given(uncounted(fenced(2, 10)))
      .when(append(2, 1, 3))
      .then(appended([2, 11, 3, 3], 1));
  });
});
