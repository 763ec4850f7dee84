import { randomUUID } from 'node:crypto';
import type { BuildEvent } from '@slipway/contracts';
import { callerWith, type Answer, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { at, digest, printedSpec } from '../house/told.fixtures.js';

let house: House;
let owner: Call;
let bob: Call;

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, () => printedSpec());
  owner = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
}, 30_000);
afterAll(() => house.stop());

const leaseId = randomUUID();
const leased = (buildId: string): BuildEvent => ({
  type: 'AttemptLeased',
  data: { buildId, attempt: 1, agentId: 'a1', leaseId, at },
});
const pushed = (buildId: string): BuildEvent => ({
  type: 'ImagePushed',
  data: { buildId, attempt: 1, imageId: digest('a'), digest: digest('b'), size: 1, at },
});
const succeeded = (buildId: string): BuildEvent => ({
  type: 'BuildSucceeded',
  data: { buildId, attempt: 1, imageId: digest('a'), digest: digest('b'), size: 1, tags: [], logLines: 0, at },
});

/** A build of `alauda` to which this happened after its request. */
const given = async (...happened: readonly ((buildId: string) => BuildEvent)[]): Promise<string> => {
  const buildId = randomUUID();
  const requested: BuildEvent = { type: 'BuildRequested', data: { buildId, spec: printedSpec(), at } };
  await house.tell.build(buildId, [requested, ...happened.map((eventOf) => eventOf(buildId))]);
  await house.caughtUp();
  return buildId;
};
const end = (call: Call, buildId: string, init: RequestInit = {}): Promise<Answer> =>
  call(`/v1/builds/${buildId}`, { method: 'DELETE', ...init });
const listed = async (query = ''): Promise<{ count: number; ids: readonly string[] }> => {
  const { body } = await owner(`/v1/builds?namespace=alauda${query}`);
  const { count, results } = body as { count: number; results: readonly { build_id: string }[] };
  return { count, ids: results.map(({ build_id }) => build_id) };
};

describe('DELETE /v1/builds/{build_id}', () => {
  it('cancels a build that waits, and removes it when repeated', async () => {
    const buildId = await given();
    expect(await end(owner, buildId)).toMatchObject({ status: 204, body: '' });
    expect((await owner(`/v1/builds/${buildId}`)).body).toMatchObject({
      status: 'D',
      state: 'cancelled',
      is_removable: true,
      removed_at: null,
    });
    expect((await listed('&status=D')).ids).toContain(buildId);
    expect(await end(owner, buildId)).toMatchObject({ status: 204 });
    expect((await listed('&status=D')).ids).not.toContain(buildId);
    expect(await end(owner, buildId)).toMatchObject({ status: 204 });
  });

  it('asks the agent of one that runs, as often as it is repeated', async () => {
    const buildId = await given(leased);
    expect(await end(owner, buildId)).toMatchObject({ status: 202, body: '' });
    expect(await end(owner, buildId)).toMatchObject({ status: 202 });
    expect((await owner(`/v1/builds/${buildId}`)).body).toMatchObject({ status: 'I', state: 'cancelling' });
    expect((await owner(`/v1/builds/${buildId}/events`)).body).toMatchObject({
      events: [
        { type: 'BuildRequested' },
        { type: 'AttemptLeased' },
        { type: 'CancelRequested', data: { by: 'alauda' } },
      ],
    });
  });

  it('removes one that has ended from lists and counts; its record and events stay', async () => {
    const buildId = await given(leased, pushed, succeeded);
    const before = await listed();
    expect(before.ids).toContain(buildId);
    expect(await end(owner, buildId)).toMatchObject({ status: 204 });
    const after = await listed();
    expect(after.count).toBe(before.count - 1);
    expect(after.ids).not.toContain(buildId);
    expect(await owner(`/v1/builds/${buildId}`)).toMatchObject({
      status: 200,
      body: { status: 'D', state: 'succeeded', is_removable: false, removed_at: expect.any(String) },
    });
    const { body } = await owner(`/v1/builds/${buildId}/events`);
    expect((body as { events: readonly object[] }).events).toHaveLength(5);
  });

  it('says 409 while the image is being published', async () => {
    const buildId = await given(leased, pushed);
    expect(await end(owner, buildId)).toMatchObject({ status: 409, body: { errors: [{ code: 'build_publishing' }] } });
  });

  it('takes a slash at the end, and a JSON header without a body', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await end(owner, `${await given()}/`, { headers })).toMatchObject({ status: 204 });
  });

  it('says 404 for a build that is not there, or not to be seen', async () => {
    const buildId = await given();
    expect(await end(bob, buildId)).toMatchObject({ status: 404, body: { errors: [{ code: 'build_not_found' }] } });
    expect(await end(owner, randomUUID())).toMatchObject({ status: 404 });
    expect((await owner(`/v1/builds/${buildId}`)).body).toMatchObject({ status: 'W' });
  });
});
