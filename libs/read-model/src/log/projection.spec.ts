import type { BuildLogEvent } from '@slipway/contracts';
import { givenRowsOf, instant, logEvents } from '../fixtures/index.js';
import { logChunkRow, logProjection } from './projection.js';

const given = givenRowsOf(logProjection);
type Appended = Extract<BuildLogEvent, { type: 'LogAppended' }>;
const [first, second] = logEvents(1) as readonly [Appended, Appended];
const { buildId: build_id } = first.data;

describe('the count of a log', () => {
  it('begins with its first chunk', () => given().when(first).then({ build_id, attempt: 1, total_lines: 10 }));

  it('grows with every chunk', () => given(first).when(second).then({ total_lines: 20 }));

  it('keeps the lines of a lost attempt', () =>
    given(first)
      .when({ type: 'LogFenced', data: { buildId: build_id, attempt: 2, totalLines: 10 } })
      .then({ attempt: 2, total_lines: 10 }));
});

describe('the row of a log chunk', () => {
  it('keeps the bytes and says what is in them', () =>
    expect(logChunkRow(second.data)).toEqual({
      build_id,
      first_line: 11,
      lines: 10,
      attempt: 1,
      first_time: Date.parse(instant(11)),
      last_time: Date.parse(instant(20)),
      chunk: second.data.chunk,
    }));
});
