import { randomUUID } from 'node:crypto';
import { BuildPlaceQuery, querySubjects, ShownBuildView, type BuildEvent, type BuildPlace } from '@slipway/contracts';
import { serve } from '@slipway/messaging';
import { callerWith, type Call } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { digest, printedSpec } from '../house/told.fixtures.js';

const LIMIT_MS = 30_000;
const image = { imageId: digest('a'), digest: digest('b'), size: 1_234 };
const waiting = randomUUID();

let house: House;
let owner: Call;
/** What the orchestrator answers; undefined: nothing, ever. */
let place: BuildPlace | null | undefined = null;
const asked: BuildPlaceQuery[] = [];

const shown = async (path: string): Promise<ShownBuildView> => {
  const { status, body } = await owner(`/v1/builds/${path}`);
  expect(status).toBe(200);
  return ShownBuildView.parse(body);
};
/** A build that took so long. */
const built = async (seconds: number, repoName?: string): Promise<void> => {
  const buildId = randomUUID();
  const at = (ms: number): string => new Date(Date.UTC(2026, 0, 2) + ms).toISOString();
  const spec = printedSpec({ ...(repoName !== undefined && { repoName }) });
  const end = seconds * 1_000;
  const events: readonly BuildEvent[] = [
    { type: 'BuildRequested', data: { buildId, spec, at: at(0) } },
    { type: 'AttemptLeased', data: { buildId, attempt: 1, agentId: 'a1', leaseId: randomUUID(), at: at(0) } },
    { type: 'BuildSucceeded', data: { buildId, attempt: 1, ...image, tags: [], logLines: 0, at: at(end) } },
  ];
  for (const event of events) await house.tell.build(buildId, [event]);
};

beforeAll(async () => {
  house = await openHouse();
  owner = callerWith(house.url, await house.tokenOf('alauda'));
  const at = '2026-01-02T03:04:05.678Z';
  await house.tell.build(waiting, [
    { type: 'BuildRequested', data: { buildId: waiting, spec: printedSpec({ namespace: 'alauda' }), at } },
  ]);
  await house.caughtUp();
}, LIMIT_MS);
afterAll(() => house.stop());

describe('queue of a build', () => {
  it('is null while no orchestrator is there: the build is shown all the same', async () =>
    expect(await shown(waiting)).toMatchObject({ status: 'W', queue: null }));

  it('says its place and why it waits, and nothing of when while there is no history', async () => {
    serve(house.nats, {
      subject: querySubjects.buildPlace,
      queue: 'build-orchestrator',
      schema: BuildPlaceQuery,
      onError: rethrow,
      handle: (query) => {
        asked.push(query);
        return place === undefined ? Promise.withResolvers<never>().promise : Promise.resolve({ place });
      },
    });
    await house.nats.flush();
    place = { waitingReason: 'agents_busy', ahead: 2, slots: 1, free: 0 };
    expect((await shown(waiting)).queue).toEqual({
      position: 3,
      waiting_reason: 'agents_busy',
      expected_start: null,
    });
    expect(asked).toEqual([{ buildId: waiting, position: expect.any(Number) }]);
    expect(asked[0]?.position).toBe((await house.store.read(`build-${waiting}`))[0]?.position);
  });

  it('expects the start by the median of what the builds of its repository took', async () => {
    for (const seconds of [60, 70, 5_000]) await built(seconds);
    for (let other = 0; other < 5; other++) await built(1, 'other');
    await house.caughtUp();
    const before = Date.now();
    const start = (await shown(waiting)).queue?.expected_start ?? '';
    expect(start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const inMs = Date.parse(start) - before;
    expect(inMs).toBeGreaterThanOrEqual(3 * 70_000);
    expect(inMs).toBeLessThan(3 * 70_000 + LIMIT_MS);
  });

  it('expects the start now while there is a free agent', async () => {
    place = { waitingReason: 'next', ahead: 0, slots: 2, free: 1 };
    const before = Date.now();
    const { queue } = await shown(waiting);
    expect(queue).toMatchObject({ position: 1, waiting_reason: 'next' });
    expect(Date.parse(queue?.expected_start ?? '') - before).toBeLessThan(LIMIT_MS);
  });

  it('is null when the orchestrator says that the build does not wait, and when it does not answer in time', async () => {
    place = null;
    expect((await shown(waiting)).queue).toBeNull();
    place = undefined;
    const startedAt = performance.now();
    expect((await shown(waiting)).queue).toBeNull();
    expect(performance.now() - startedAt).toBeGreaterThan(450);
  });

  it('is null, and nobody is asked, for a build as it was, and for one that has an agent or has ended', async () => {
    place = { waitingReason: 'next', ahead: 0, slots: 2, free: 1 };
    const before = asked.length;
    const buildId = randomUUID();
    const at = '2026-01-02T03:04:05.678Z';
    const spec = printedSpec();
    const requested: BuildEvent = { type: 'BuildRequested', data: { buildId, spec, at } };
    const leased = { buildId, attempt: 1, agentId: 'a1', leaseId: randomUUID(), at };
    const lost = { buildId, attempt: 1, why: 'the lease ran out', at };
    const failure = { code: 'INTERNAL' as const, message: '', step: null, exitCode: null, lastLines: [] };
    const shownAfter = async (event: BuildEvent) => {
      await house.tell.build(buildId, [event]);
      await house.caughtUp();
      return (await shown(buildId)).queue;
    };
    expect(await shownAfter(requested)).toMatchObject({ position: 1 });
    expect(await shownAfter({ type: 'AttemptLeased', data: leased })).toBeNull();
    expect(await shownAfter({ type: 'AttemptLost', data: lost })).toMatchObject({ position: 1 }); // it waits again
    expect(asked).toHaveLength(before + 2);
    expect(
      await shownAfter({ type: 'BuildFailed', data: { buildId, attempt: 1, failure, logLines: 0, at } }),
    ).toBeNull();
    expect(asked).toHaveLength(before + 2);
  });
});
