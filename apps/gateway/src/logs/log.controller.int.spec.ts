import { randomUUID } from 'node:crypto';
import { LogLineView } from '@slipway/contracts';
import { callerWith, type Call } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { logAnswer } from '@slipway/contracts/fixtures';
import { at, logged, printedSpec } from '../house/told.fixtures.js';

let house: House;
let owner: Call;

beforeAll(async () => {
  house = await openHouse();
  owner = callerWith(house.url, await house.tokenOf('alauda'));
}, 30_000);
afterAll(() => house.stop());

async function build(chunks: readonly ReturnType<typeof logged>[], buildId: string): Promise<string> {
  await house.tell.build(buildId, [{ type: 'BuildRequested', data: { buildId, spec: printedSpec(), at } }]);
  await house.tell.log(buildId, chunks);
  await house.caughtUp();
  return buildId;
}

const printedLines = (number: number) => {
  const line = logAnswer[number - 1];
  return { message: line?.message ?? '', time: (line?.time ?? 0) * 1_000 + 345 };
};

/** Ten lines a second from second 100 on, ten lines a chunk. */
const tenASecond = (buildId: string) =>
  Array.from({ length: 6 }, (_, index) =>
    logged(buildId, index * 7 + 1, index * 7 + 7, (number) => ({ time: 100_000 + (number - 1) * 100 })),
  );

describe('GET /v1/builds/{build_id}/logs', () => {
  it('gives the printed array', async () => {
    const id = randomUUID();
    await build([logged(id, 1, 2, printedLines), logged(id, 3, 5, printedLines)], id);
    const { status, headers, body } = await owner(`/v1/builds/${id}/logs`);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(LogLineView.array().parse(body)).toEqual(logAnswer);
  });

  it('gives an empty array for a build without a log', async () => {
    const id = await build([], randomUUID());
    expect((await owner(`/v1/builds/${id}/logs`)).body).toEqual([]);
    expect((await owner(`/v1/builds/${id}/logs`, { headers: { accept: 'text/plain' } })).body).toBe('');
  });

  it('gives plain text to whoever asks for it', async () => {
    const id = randomUUID();
    await build([logged(id, 1, 3)], id);
    const { headers, body } = await owner(`/v1/builds/${id}/logs`, { headers: { accept: 'text/plain' } });
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(body).toBe('line 1\nline 2\nline 3\n');
  });

  it.each([
    ['', 1, 42],
    ['start_time=101', 11, 42],
    ['end_time=101', 1, 20],
    ['start_time=101&end_time=102', 11, 30],
    ['start_time=102&end_time=102', 21, 30],
    ['start_time=104&end_time=999', 41, 42],
    ['start_time=0&end_time=100', 1, 10],
  ])('takes ?%s with both ends included', async (query, first, last) => {
    const id = randomUUID();
    await build(tenASecond(id), id);
    const { body } = await owner(`/v1/builds/${id}/logs?${query}`);
    expect(
      LogLineView.array()
        .parse(body)
        .map(({ message }) => message),
    ).toEqual(Array.from({ length: last - first + 1 }, (_, index) => `line ${first + index}`));
  });

  it.each(['start_time=103&end_time=102', 'start_time=200', 'end_time=99'])('finds nothing in ?%s', async (query) => {
    const id = randomUUID();
    await build(tenASecond(id), id);
    expect((await owner(`/v1/builds/${id}/logs?${query}`)).body).toEqual([]);
  });

  it.each(['start_time=x', 'end_time=-1', 'start_time=1.5', 'end_time=99999999999999999999'])(
    'says 422 for ?%s',
    async (query) => {
      const id = await build([], randomUUID());
      expect(await owner(`/v1/builds/${id}/logs?${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ source: query.split('=')[0] }] },
      });
    },
  );

  it('keeps every level and every character', async () => {
    const id = randomUUID();
    const messages = ['"quoted" \\ \u2028 \u0001', '构建 ✓ 🚢', '', '\u001b[31mred\u001b[0m'];
    const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
    await build(
      [logged(id, 1, 4, (number) => ({ message: messages[number - 1] ?? '', level: levels[number - 1] ?? 'INFO' }))],
      id,
    );
    const lines = LogLineView.array().parse((await owner(`/v1/builds/${id}/logs`)).body);
    expect(lines.map(({ message }) => message)).toEqual(messages);
    expect(lines.map(({ level }) => level)).toEqual(levels);
  });

  it('is not for others', async () => {
    const id = await build([], randomUUID());
    const bob = callerWith(house.url, await house.tokenOf('bob'));
    for (const path of ['logs', 'logs/stream'])
      expect(await bob(`/v1/builds/${id}/${path}`)).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'build_not_found' }] },
      });
  });
});
