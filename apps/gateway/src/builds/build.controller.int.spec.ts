import { randomUUID } from 'node:crypto';
import { BuildListItem, BuildView } from '@slipway/contracts';
import { endedBuildAnswer, listFields, requestBuildRequest, requestedBuildAnswer } from '@slipway/contracts/fixtures';
import { z } from 'zod';
import { callerWith, post, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { at, digest, printedSpec } from '../house/told.fixtures.js';

let house: House;
let owner: Call;
let admin: Call;
let bob: Call;
let alaudatest: Call;

const buildId = endedBuildAnswer.build_id;
const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(BuildListItem),
});

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, ({ namespace, code_commit_id }) => printedSpec({ namespace, commit: code_commit_id ?? null }));
  owner = callerWith(house.url, await house.tokenOf('alauda'));
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  alaudatest = callerWith(house.url, await house.tokenOf('alaudatest', { isAdmin: true }));
  const image = { imageId: `sha256:a31664dde7e0${'0'.repeat(52)}`, digest: digest('b'), size: 1_234 };
  await house.tell.build(buildId, [
    { type: 'BuildRequested', data: { buildId, spec: printedSpec(), at } },
    {
      type: 'AttemptLeased',
      data: { buildId, attempt: 1, agentId: 'a1', leaseId: randomUUID(), at: '2015-09-02T08:17:42.691Z' },
    },
    {
      type: 'BuildSucceeded',
      data: {
        buildId,
        attempt: 1,
        tags: [{ tag: 'latest', moved: true }],
        logLines: 0,
        ...image,
        at: '2015-09-02T08:18:13.011Z',
      },
    },
  ]);
  await house.caughtUp();
}, 30_000);
afterAll(() => house.stop());
afterEach(() => {
  house.lagMs = 0;
});

describe('POST /v1/builds', () => {
  it('takes the printed request and gives the printed answer', async () => {
    const { status, body } = await alaudatest('/v1/builds', post(requestBuildRequest));
    expect(status).toBe(201);
    expect(BuildView.parse(body)).toMatchObject(requestedBuildAnswer);
  });

  it('does not know the commit of a build without one', async () => {
    const { code_commit_id: _, ...request } = requestBuildRequest;
    expect((await owner('/v1/builds', post(request))).body).toMatchObject({
      code_head_commit: null,
      code_commit_http_url: null,
    });
  });

  it('shows it to a GET that follows at once, though the view takes its time', async () => {
    house.lagMs = 30;
    for (let round = 0; round < 3; round++) {
      const { build_id } = BuildView.parse((await owner('/v1/builds', post(requestBuildRequest))).body);
      expect(await owner(`/v1/builds/${build_id}`)).toMatchObject({ status: 200, body: { build_id, status: 'W' } });
    }
  });

  it('says 422 for a tag without a config', async () =>
    expect(await owner('/v1/builds', post({ ...requestBuildRequest, tag: 'unknown' }))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'tag_config_not_found', source: 'tag' }] },
    }));

  it('names every broken field', async () =>
    expect(await owner('/v1/builds', post({ tag: 'no tag', code_commit_id: 'HEAD' }))).toMatchObject({
      status: 422,
      body: {
        errors: [{ source: 'namespace' }, { source: 'repo_name' }, { source: 'tag' }, { source: 'code_commit_id' }],
      },
    }));

  it('is for the owner of the namespace, and says of a private repository nothing to others', async () => {
    const created = (isPublic: boolean, repoName: string) =>
      house.tell.repository(`alauda.${repoName}`, [
        {
          type: 'RepositoryCreated',
          data: {
            namespace: 'alauda',
            repoName,
            description: '',
            fullDescription: '',
            isPublic,
            createdBy: 'alauda',
            at,
          },
        },
        {
          type: 'BuildConfigChanged',
          data: {
            configId: 1,
            source: { client: 'Simple' as const, cloneUrl: 'https://host/a/b' },
            buildNode: 'in',
            emailEnabled: false,
            tagConfigs: [],
            changedBy: 'alauda',
            at,
          },
        },
        {
          type: 'DeployKeyIssued',
          data: {
            configId: 1,
            publicKey: 'ssh-ed25519 AAAA',
            privateKey: { keyId: 'k', iv: '', tag: '', ciphertext: '' },
            at,
          },
        },
      ]);
    await created(true, 'open');
    await created(false, 'closed');
    await house.caughtUp();
    const request = (repo_name: string) => bob('/v1/builds', post({ ...requestBuildRequest, repo_name }));
    expect(await request('open')).toMatchObject({ status: 403, body: { errors: [{ code: 'access_denied' }] } });
    expect(await request('closed')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'repository_not_found' }] },
    });
    expect((await request('missing')).body).toEqual((await request('closed')).body);
  });
});

describe('GET /v1/builds/{build_id}', () => {
  it('gives the printed answer', async () => {
    const { status, body } = await owner(`/v1/builds/${buildId}`);
    expect(status).toBe(200);
    expect(BuildView.parse(body)).toMatchObject({ ...endedBuildAnswer, state: 'succeeded', log_lines: 0 });
  });

  it.each([randomUUID(), 'no-uuid', '%00'])('says 404 for a build that is not there: %s', async (id) =>
    expect(await owner(`/v1/builds/${id}`)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'build_not_found', source: 'build_id' }] },
    }),
  );

  it('says the same of a build that the caller may not see', async () => {
    expect((await bob(`/v1/builds/${buildId}`)).body).toEqual((await bob(`/v1/builds/${randomUUID()}`)).body);
    expect(await admin(`/v1/builds/${buildId}`)).toMatchObject({ status: 200 });
  });

  it('takes the id in capitals', async () =>
    expect(await owner(`/v1/builds/${buildId.toUpperCase()}`)).toMatchObject({ status: 200 }));
});

describe('GET /v1/builds', () => {
  beforeAll(async () => {
    for (let index = 0; index < 45; index++) {
      const repoName = index % 3 === 0 ? 'third' : 'other';
      const spec = printedSpec({ namespace: 'carol', repoName, requestedBy: index < 5 ? 'bob' : 'carol' });
      const id = randomUUID();
      await house.tell.build(id, [{ type: 'BuildRequested', data: { buildId: id, spec, at } }]);
    }
    await house.caughtUp();
  });

  it('has the printed fields in every row', async () => {
    const { body } = await admin('/v1/builds?namespace=carol');
    const { results } = body as { results: readonly object[] };
    expect(results).toHaveLength(20);
    for (const row of results) expect(Object.keys(row)).toEqual(expect.arrayContaining(listFields));
  });

  it('pages from the newest to the oldest and back, following its own links', async () => {
    const pages = [Page.parse((await admin('/v1/builds?namespace=carol')).body)];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(Page.parse((await admin(next.slice(house.url.length))).body));
    expect(pages.map(({ results }) => results.length)).toEqual([20, 20, 5]);
    expect(new Set(pages.flatMap(({ results }) => results.map(({ build_id }) => build_id))).size).toBe(45);
    const back = Page.parse((await admin((pages[2]?.previous ?? '').slice(house.url.length))).body);
    expect(back.results).toEqual(pages[1]?.results);
    expect(new URL(pages[0]?.next ?? '').searchParams.get('namespace')).toBe('carol');
  });

  it('jumps to a page', async () => {
    const { body } = await admin('/v1/builds?namespace=carol&page=3');
    expect(Page.parse(body)).toMatchObject({ count: 45, next: null, results: { length: 5 } });
  });

  it('shows one repository alone', async () =>
    expect((await admin('/v1/builds?namespace=carol&repo_name=third')).body).toMatchObject({ count: 15 }));

  it("shows the caller's builds when it is told no namespace", async () =>
    expect((await bob('/v1/builds')).body).toMatchObject({ count: 5 }));

  it('shows nothing of a namespace that is not the caller’s', async () =>
    expect(await bob('/v1/builds?namespace=carol')).toMatchObject({
      status: 200,
      body: { count: 0, next: null, previous: null, results: [] },
    }));

  it('is empty behind the last page', async () =>
    expect((await admin('/v1/builds?namespace=carol&page=9')).body).toMatchObject({
      count: 45,
      next: null,
      results: [],
    }));

  it.each(['page=0', 'page=x', 'page=1.5', 'page=1&page=2', 'namespace=Not%20One', 'after=-1'])(
    'says 422 for ?%s',
    async (query) =>
      expect(await admin(`/v1/builds?${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'field_invalid', source: query.split('=')[0] }] },
      }),
  );
});

describe('GET /v1/build-steps', () => {
  it('says what the numbers of step_at mean', async () =>
    expect((await bob('/v1/build-steps')).body).toEqual([
      { name: 'queued', from: 1, to: 1 },
      { name: 'leased', from: 5, to: 5 },
      { name: 'cloning', from: 10, to: 10 },
      { name: 'cloned', from: 15, to: 15 },
      { name: 'building', from: 20, to: 40 },
      { name: 'pushing', from: 42, to: 48 },
      { name: 'done', from: 50, to: 50 },
    ]));
});
