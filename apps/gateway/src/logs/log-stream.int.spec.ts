import { randomUUID } from 'node:crypto';
import type { BuildEvent } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { callerWith } from '../house/client.fixtures.js';
import { follow, type Received } from '../house/event-source.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { at, digest, logged, printedSpec } from '../house/told.fixtures.js';

let house: House;
let token: string;

beforeAll(async () => {
  house = await openHouse();
  token = await house.tokenOf('alauda');
}, 30_000);
afterAll(() => house.stop());
afterEach(() => {
  house.announces = true;
});

const LIMIT = { limitMs: 20_000 };
const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const followed = (buildId: string, headers: Record<string, string> = {}, query = ''): Promise<Received> =>
  follow(`${house.url}/v1/builds/${buildId}/logs/stream${query}`, { authorization: `Token ${token}`, ...headers });
const linesOf = ({ lines }: Received): readonly number[] => lines.map(({ line }) => line);

async function requested(): Promise<string> {
  const buildId = randomUUID();
  await house.tell.build(buildId, [{ type: 'BuildRequested', data: { buildId, spec: printedSpec(), at } }]);
  await house.caughtUp();
  return buildId;
}
const succeeded = (buildId: string, logLines: number): BuildEvent => ({
  type: 'BuildSucceeded',
  data: {
    buildId,
    attempt: 1,
    imageId: digest('a'),
    digest: digest('b'),
    size: 1,
    tags: [{ tag: 'latest', moved: true }],
    logLines,
    at,
  },
});
const leased = (buildId: string): BuildEvent => ({
  type: 'AttemptLeased',
  data: { buildId, attempt: 1, agentId: 'a1', leaseId: randomUUID(), at },
});
const advanced = (buildId: string, stepAt: number): BuildEvent => ({
  type: 'StepAdvanced',
  data: {
    buildId,
    attempt: 1,
    stepAt,
    phase: 'building',
    step: { index: 1, total: 2, name: '[1/2] RUN make', cached: null },
    at,
  },
});

describe('GET /v1/builds/{build_id}/logs/stream', () => {
  it('tells a finished build from the first line to the end', async () => {
    const id = await requested();
    await house.tell.log(id, [logged(id, 1, 100), logged(id, 101, 250)]);
    await house.tell.build(id, [leased(id), succeeded(id, 250)]);
    await house.caughtUp();
    const received = await followed(id);
    await received.done;
    expect(linesOf(received)).toEqual(numbers(1, 250));
    expect(received.ids).toEqual(numbers(1, 250).map(String));
    expect(received.lines[0]).toEqual({ line: 1, message: 'line 1', level: 'INFO', time: 1_441_770_706 });
    expect(received.statuses.at(-1)).toMatchObject({ status: 'S', state: 'succeeded', step_at: 50 });
    expect(received.end).toEqual({ status: 'S', state: 'succeeded', total_lines: 250 });
  });

  it('says what it is, and that nobody may keep or change it', async () => {
    const { response, hangUp } = await followed(await requested());
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('x-request-id')).not.toBeNull();
    hangUp();
  });

  it('loses and repeats nothing between history and live', async () => {
    const id = await requested();
    await house.tell.log(id, [logged(id, 1, 500)]);
    const followers: Received[] = [];
    const total = 6_000;
    for (let first = 501; first <= total; first += 50) {
      await house.tell.log(id, [logged(id, first, first + 49)]);
      if (first % 500 === 1) followers.push(await followed(id));
    }
    await house.tell.build(id, [succeeded(id, total)]);
    await Promise.all(followers.map(({ done }) => done));
    expect(followers.length).toBe(11);
    for (const received of followers) {
      expect(linesOf(received)).toEqual(numbers(1, total));
      expect(received.end).toMatchObject({ total_lines: total });
    }
  }, 30_000);

  it('tells lines as they come', async () => {
    const id = await requested();
    const received = await followed(id);
    for (const number of numbers(1, 5)) {
      await house.tell.log(id, [logged(id, number, number)]);
      await until(() => received.lines.length === number, LIMIT);
    }
    expect(received.end).toBeUndefined();
    received.hangUp();
  });

  it('finds lines that nobody announced', async () => {
    house.announces = false;
    const id = await requested();
    const received = await followed(id);
    await house.tell.log(id, [logged(id, 1, 10)]);
    await until(() => received.lines.length === 10, LIMIT);
    await house.tell.build(id, [succeeded(id, 10)]);
    await received.done;
    expect(received.end).toMatchObject({ total_lines: 10 });
  });

  it('is not over before the last line, though the build already is', async () => {
    const id = await requested();
    await house.tell.log(id, [logged(id, 1, 10)]);
    await house.tell.build(id, [succeeded(id, 20)]);
    await house.caughtUp();
    const received = await followed(id);
    await until(() => received.lines.length === 10, LIMIT);
    expect([received.end, received.statuses]).toEqual([undefined, []]);
    await house.tell.log(id, [logged(id, 11, 20)]);
    await received.done;
    expect(linesOf(received)).toEqual(numbers(1, 20));
    expect(received.end).toMatchObject({ total_lines: 20 });
  });

  it.each([
    ['the header', { 'last-event-id': '123' }, ''],
    ['the query', {}, '?last_event_id=123'],
    ['the larger of both', { 'last-event-id': '123' }, '?last_event_id=5'],
  ])('goes on after the line that %s names', async (_, headers, query) => {
    const id = await requested();
    await house.tell.log(id, [logged(id, 1, 100), logged(id, 101, 200)]);
    await house.tell.build(id, [succeeded(id, 200)]);
    await house.caughtUp();
    const received = await followed(id, headers, query);
    await received.done;
    expect(linesOf(received)).toEqual(numbers(124, 200));
  });

  it('has but the end to tell to whoever has every line', async () => {
    const id = await requested();
    await house.tell.log(id, [logged(id, 1, 10)]);
    await house.tell.build(id, [succeeded(id, 10)]);
    await house.caughtUp();
    const received = await followed(id, { 'last-event-id': '10' });
    await received.done;
    expect([received.lines, received.end]).toEqual([[], { status: 'S', state: 'succeeded', total_lines: 10 }]);
  });

  it.each([
    [{ 'last-event-id': 'x' }, '', 'Last-Event-ID'],
    [{}, '?last_event_id=-1', 'last_event_id'],
  ])('says 422 for %j %s', async (headers, query, source) => {
    const path = `/v1/builds/${await requested()}/logs/stream${query}`;
    expect(await callerWith(house.url, token)(path, { headers: { ...headers } })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'field_invalid', source }] },
    });
  });

  it('tells how the build goes, each change once', async () => {
    const id = await requested();
    const received = await followed(id);
    await until(() => received.statuses.length === 1, LIMIT);
    await house.tell.build(id, [leased(id)]);
    await until(() => received.statuses.length === 2, LIMIT);
    await house.tell.log(id, [logged(id, 1, 3)]);
    await until(() => received.lines.length === 3, LIMIT);
    await house.tell.build(id, [advanced(id, 25)]);
    await until(() => received.statuses.length === 3, LIMIT);
    await house.tell.build(id, [succeeded(id, 3)]);
    await received.done;
    expect(received.statuses).toEqual([
      expect.objectContaining({ status: 'W', state: 'queued', step_at: 1, step: null }),
      expect.objectContaining({ status: 'I', state: 'starting', step_at: 5, agent: 'a1', attempt: 1 }),
      expect.objectContaining({ step_at: 25, step: expect.objectContaining({ name: '[1/2] RUN make' }) }),
      expect.objectContaining({ status: 'S', step_at: 50 }),
    ]);
  });
});
