import { randomUUID } from 'node:crypto';
import { BuildHistoryView, BuildView, ShownBuildView, type BuildEvent } from '@slipway/contracts';
import { requestBuildRequest } from '@slipway/contracts/fixtures';
import { callerWith, post, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { digest, printedSpec } from '../house/told.fixtures.js';

let house: House;
let owner: Call;
let bob: Call;

const buildId = randomUUID();
const leaseId = randomUUID();
const commit = '552819d5c903472a36696e8ac620ac250e49829d';
const second = (number: number): string => `2026-01-02T03:04:0${number}.678Z`;
const image = { imageId: digest('a'), digest: digest('b'), size: 1_234 };
const spec = printedSpec({ commit: null });
const step = { index: 1, total: 2, name: '[1/2] FROM base', cached: null };
const events: readonly BuildEvent[] = [
  { type: 'BuildRequested', data: { buildId, spec, at: second(0) } },
  { type: 'AttemptLeased', data: { buildId, attempt: 1, agentId: 'a1', leaseId, at: second(1) } },
  { type: 'SourceResolved', data: { buildId, attempt: 1, commit, at: second(2) } },
  { type: 'StepAdvanced', data: { buildId, attempt: 1, stepAt: 20, phase: 'building', step, at: second(3) } },
  { type: 'BuildSucceeded', data: { buildId, attempt: 1, ...image, tags: [], logLines: 3, at: second(4) } },
];

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, ({ namespace }) => printedSpec({ namespace }));
  owner = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  for (const event of events) await house.tell.build(buildId, [event]);
  await house.caughtUp();
}, 30_000);
afterAll(() => house.stop());

describe('GET /v1/builds/{build_id}/events', () => {
  it('tells every event with time, actor, cause and position, page after page', async () => {
    const { status, body } = await owner(`/v1/builds/${buildId}/events`);
    expect(status).toBe(200);
    const history = BuildHistoryView.parse(body);
    expect(history.events.map(({ number, type, at }) => [number, type, at])).toEqual(
      events.map(({ type, data }, number) => [number, type, data.at]),
    );
    const stored = await house.store.read(`build-${buildId}`);
    expect(
      history.events.map(({ position, actor, cause, correlation_id }) => [position, actor, cause, correlation_id]),
    ).toEqual(
      stored.map(({ position, metadata: { actor, $causationId, $correlationId } }) => [
        position,
        actor,
        $causationId,
        $correlationId,
      ]),
    );
  });

  it('speaks the words of the API, and tells no lease', async () => {
    const { body } = await owner(`/v1/builds/${buildId}/events`);
    const [requested, leased, , advanced] = BuildHistoryView.parse(body).events;
    expect(requested?.data).toMatchObject({
      spec: { docker_repo_tag: 'latest', urls: { commit_prefix: expect.any(String) } },
    });
    expect(leased?.data).toEqual({ attempt: 1, agent_id: 'a1' });
    expect(advanced?.data).toEqual({ attempt: 1, step_at: 20, phase: 'building', step });
    expect(JSON.stringify(body)).not.toContain(leaseId);
  });

  it('is there with a trailing slash', async () =>
    expect(await owner(`/v1/builds/${buildId}/events/`)).toMatchObject({ status: 200 }));

  it('says 404 to whoever may not see the build, as for one that is not there', async () => {
    const hidden = await bob(`/v1/builds/${buildId}/events`);
    expect(hidden).toMatchObject({ status: 404, body: { errors: [{ code: 'build_not_found' }] } });
    expect((await bob(`/v1/builds/${randomUUID()}/events`)).body).toEqual(hidden.body);
  });
});

describe('GET /v1/builds/{build_id}?as_of=', () => {
  const asOf = async (value: string): Promise<ShownBuildView> =>
    ShownBuildView.parse((await owner(`/v1/builds/${buildId}?as_of=${value}`)).body);

  it('is the record as it was after that event', async () => {
    expect(await asOf('0')).toMatchObject({ status: 'W', step_at: 1, code_head_commit: null, attempt: 0 });
    expect(await asOf('1')).toMatchObject({ status: 'I', state: 'starting', agent: 'a1', code_head_commit: null });
    expect(await asOf('2')).toMatchObject({ status: 'I', step_at: 15, code_head_commit: commit });
    expect(await asOf('3')).toMatchObject({ state: 'building', ended_at: null, steps: [{ name: step.name }] });
  });

  it('is the record as it was at that time, its last event included', async () => {
    expect(await asOf(second(2))).toEqual(await asOf('2'));
    expect(await asOf('2026-01-02T03:04:02.677Z')).toEqual(await asOf('1'));
    expect(await asOf(`2026-01-02T05:04:02.678${encodeURIComponent('+02:00')}`)).toEqual(await asOf('2'));
  });

  it('is the record as it is for what comes after its last event', async () => {
    const { body: now } = await owner(`/v1/builds/${buildId}`);
    for (const later of ['4', '999', second(4), '2030-01-01T00:00:00Z']) expect(await asOf(later)).toEqual(now);
  });

  it('says 404 for a time before the build was requested', async () =>
    expect(await owner(`/v1/builds/${buildId}?as_of=2026-01-02T03:04:00Z`)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'build_not_found' }] },
    }));

  it.each(['', 'yesterday', '-1', '1.5', '2026-01-02', '2026-02-30T00:00:00Z', '1&as_of=2'])(
    'says 422 for %s',
    async (value) =>
      expect(await owner(`/v1/builds/${buildId}?as_of=${value}`)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'field_invalid', source: 'as_of' }] },
      }),
  );

  it('is not told to whoever may not see the build', async () =>
    expect(await bob(`/v1/builds/${buildId}?as_of=0`)).toMatchObject({ status: 404 }));
});

describe('POST /v1/builds/{build_id}/rebuild', () => {
  const rebuild = (call: Call, id: string = buildId) => call(`/v1/builds/${id}/rebuild`, { method: 'POST' });

  it('is a new build of the same commit', async () => {
    const { status, body } = await rebuild(owner);
    expect(status).toBe(201);
    const again = BuildView.parse(body);
    expect(again).toMatchObject({
      status: 'W',
      code_head_commit: commit,
      docker_repo_tag: 'latest',
      created_by: 'alauda',
      auto_created: false,
    });
    expect(again.build_id).not.toBe(buildId);
    const { body: told } = await owner(`/v1/builds/${again.build_id}/events`);
    expect(BuildHistoryView.parse(told).events[0]?.data).toMatchObject({
      spec: { trigger: { kind: 'rebuild', build_id: buildId } },
    });
  });

  it('says 409 while the commit is not known', async () => {
    const id = randomUUID();
    await house.tell.build(id, [{ type: 'BuildRequested', data: { buildId: id, spec, at: second(0) } }]);
    await house.caughtUp();
    expect(await rebuild(owner, id)).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'build_commit_unknown', source: 'build_id' }] },
    });
  });

  it.each([buildId, randomUUID(), 'no-uuid'])('says 404 to whoever may not see it: %#', async (id) =>
    expect(await rebuild(bob, id)).toMatchObject({ status: 404, body: { errors: [{ code: 'build_not_found' }] } }),
  );
});

describe('POST /v1/builds with an Idempotency-Key', () => {
  const request = (key: string, change: object = {}, call: Call = owner) =>
    call('/v1/builds', {
      ...post({ ...requestBuildRequest, namespace: 'alauda', ...change }),
      headers: { 'idempotency-key': key },
    });

  it('is the same build with the same answer, whatever has become of it', async () => {
    const first = await request('again');
    const { build_id } = BuildView.parse(first.body);
    await house.tell.build(build_id, [
      { ...events[1]!, data: { ...events[1]!.data, buildId: build_id } } as BuildEvent,
    ]);
    const second = await request('again');
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect((await request('other')).body).not.toMatchObject({ build_id });
  });

  it('says 409 for another body', async () => {
    await request('one');
    expect(await request('one', { code_commit_id: null })).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'idempotency_key_reused', source: 'Idempotency-Key' }] },
    });
  });

  it('is refused again as it was refused', async () => {
    const refused = await request('refused', { tag: 'unknown' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ code: 'tag_config_not_found' }] } });
    expect((await request('refused', { tag: 'unknown' })).body).toEqual(refused.body);
  });

  it('says 422 for a key that is none', async () =>
    expect(await request('x'.repeat(256))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'field_invalid', source: 'Idempotency-Key' }] },
    }));
});
