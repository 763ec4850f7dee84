import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { callerWith, type Call } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { printedSpec } from '../house/told.fixtures.js';

let house: House;
let admin: Call;

const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  results: z.array(z.object({ build_id: z.string() })),
});

beforeAll(async () => {
  house = await openHouse();
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
}, 30_000);
afterAll(() => house.stop());

describe('GET /v1/builds with filters', () => {
  const commit = 'c'.repeat(40);
  const second = (number: number): string => `2026-01-02T03:04:${String(number).padStart(2, '0')}.000Z`;

  beforeAll(async () => {
    for (let index = 0; index < 50; index++) {
      const id = randomUUID();
      const spec = printedSpec({
        namespace: 'dave',
        repoName: 'app',
        requestedBy: 'dave',
        dockerRepoTag: index % 2 === 0 ? 'even' : 'odd',
        commit: index === 7 ? commit : null,
      });
      const failure = { code: 'INTERNAL' as const, message: 'no', step: null, exitCode: null, lastLines: [] };
      await house.tell.build(id, [
        { type: 'BuildRequested', data: { buildId: id, spec, at: second(index) } },
        ...(index < 30
          ? [
              {
                type: 'BuildFailed' as const,
                data: { buildId: id, attempt: 0, failure, logLines: 0, at: second(index) },
              },
            ]
          : []),
      ]);
    }
    await house.caughtUp();
  });

  it.each([
    ['status=F', 30],
    ['status=S', 0],
    ['tag=odd', 25],
    ['status=F&tag=odd', 15],
    [`created_from=${second(10)}`, 40],
    [`created_to=${second(10)}`, 11],
    [`created_from=${second(10)}&created_to=${second(19)}`, 10],
    ['created_from=2026-01-02T04:04:40%2B01:00', 10],
    [`code_head_commit=${commit.toUpperCase()}`, 1],
    [`code_head_commit=${commit}&status=W`, 0],
    [`repo_name=app&status=W&tag=even&created_from=${second(40)}`, 5],
    ['repo_name=other&status=F', 0],
  ])('shows only what passes ?%s, and counts it', async (query, count) => {
    const page = Page.parse((await admin(`/v1/builds?namespace=dave&${query}`)).body);
    expect(page).toMatchObject({ count, results: { length: Math.min(20, count) } });
  });

  it("filters the caller's own too", async () => {
    const dave = callerWith(house.url, await house.tokenOf('dave'));
    expect((await dave('/v1/builds?status=F&tag=even')).body).toMatchObject({ count: 15 });
  });

  it('keeps the filters in the links, which show every build once', async () => {
    const query = `namespace=dave&status=F&tag=even&created_from=${second(2)}`;
    const first = Page.parse((await admin(`/v1/builds?${query}`)).body);
    expect(first).toMatchObject({ count: 14, next: null });
    const pages = [Page.parse((await admin(`/v1/builds?namespace=dave&created_to=${second(44)}&repo_name=app`)).body)];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(Page.parse((await admin(next.slice(house.url.length))).body));
    expect(pages.map(({ count, results }) => [count, results.length])).toEqual([
      [45, 20],
      [45, 20],
      [45, 5],
    ]);
    expect(new Set(pages.flatMap(({ results }) => results.map(({ build_id }) => build_id))).size).toBe(45);
    const { searchParams } = new URL(pages[0]?.next ?? '');
    expect([searchParams.get('created_to'), searchParams.get('repo_name')]).toEqual([second(44), 'app']);
  });

  it.each(['status=X', 'status=', 'tag=no%20tag', 'created_from=today', 'created_to=1', 'code_head_commit=abc'])(
    'says 422 for ?%s',
    async (query) =>
      expect(await admin(`/v1/builds?${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'field_invalid', source: query.split('=')[0] }] },
      }),
  );
});
