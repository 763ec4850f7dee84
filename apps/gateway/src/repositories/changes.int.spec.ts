import { randomUUID } from 'node:crypto';
import { BuildConfigView, PublicTagView, RepositoryView, type RepositoryEvent } from '@slipway/contracts';
import { changeBuildConfigRequest, createRepositoryRequest } from '@slipway/contracts/fixtures';
import { serveChanges } from '../house/changes.fixtures.js';
import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { at, digest, printedSpec } from '../house/told.fixtures.js';

let house: House;
let alauda: Call;
let bob: Call;
let nobody: Call;
let openBuilds = 0;

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, () => printedSpec());
  serveChanges(house, () => openBuilds);
  alauda = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  nobody = callerWith(house.url, undefined);
}, 30_000);
afterAll(() => house.stop());
afterEach(() => {
  house.lagMs = 0;
  openBuilds = 0;
});

const put = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'PUT',
  body: JSON.stringify(body),
  headers,
});
const create = async (repo_name: string, change: object = {}): Promise<string> => {
  const body = { ...createRepositoryRequest, repo_name, ...change };
  expect((await alauda('/v1/repositories/alauda', post(body))).status).toBe(201);
  return `/v1/repositories/alauda/${repo_name}`;
};
const errorOf = ({ status, body }: Answer): unknown => {
  const [error] = (body as { readonly errors: readonly { code: string; source: string | null }[] }).errors;
  return [status, error?.code, error?.source];
};

/** One test a way to be refused, for everything that changes something. */
const CHANGES: readonly (readonly [string, (path: string) => readonly [string, RequestInit]])[] = [
  ['PUT', (path) => [path, put({ description: 'x' })]],
  ['PUT build-config', (path) => [`${path}/build-config`, put({ tag_configs: [] })]],
  ['DELETE', (path) => [path, { method: 'DELETE' }]],
];

describe.each(CHANGES)('%s', (_, requestTo) => {
  it('is for whoever may write in the namespace', async () => {
    const shown = await create(`for-writers-${randomUUID()}`);
    const hidden = await create(`for-writers-${randomUUID()}`, { is_public: false });
    expect(errorOf(await nobody(...requestTo(shown)))).toEqual([401, 'token_required', 'Authorization']);
    expect(errorOf(await bob(...requestTo(shown)))).toEqual([403, 'access_denied', 'namespace']);
    expect(errorOf(await bob(...requestTo(hidden)))).toEqual([404, 'repository_not_found', 'repo_name']);
    expect((await alauda(...requestTo(hidden))).status).toBeLessThan(300);
  });

  it('is 404 where there is no repository', async () => {
    for (const path of ['/v1/repositories/alauda/missing', '/v1/repositories/alauda/No%20Name'])
      expect(errorOf(await alauda(...requestTo(path)))).toEqual([404, 'repository_not_found', 'repo_name']);
  });
});

describe('PUT /v1/repositories/{namespace}/{repo_name}', () => {
  it('changes what is said, and the GET that follows shows it though the view takes its time', async () => {
    const path = await create('described');
    house.lagMs = 30;
    const changed = await alauda(`${path}/`, put({ description: 'short', is_public: false }));
    expect(changed).toMatchObject({
      status: 200,
      body: { description: 'short', full_description: '', is_public: false },
    });
    RepositoryView.parse(changed.body);
    expect((await alauda(path)).body).toEqual(changed.body);
    expect((await nobody(path)).status).toBe(404);
  });

  it('keeps what was pushed', async () => {
    const path = await create('pushed');
    const buildId = randomUUID();
    const image = { imageId: digest('a'), digest: digest('b'), size: 1, tags: [], logLines: 0 };
    const spec = printedSpec({ repoName: 'pushed' });
    await house.tell.build(buildId, [
      { type: 'BuildRequested', data: { buildId, spec, at } },
      { type: 'BuildSucceeded', data: { buildId, attempt: 1, ...image, at } },
    ]);
    await house.caughtUp();
    expect(await alauda(path, put({ description: 'x' }))).toMatchObject({ body: { upload: 1, pushed_at: at } });
  });

  it.each([{ is_public: 'yes' }, { description: null }, { description: 'x'.repeat(1_001) }])(
    'refuses what cannot be: %#',
    async (body) => {
      const [status, code] = errorOf(await alauda('/v1/repositories/alauda/described', put(body))) as unknown[];
      expect([status, code]).toEqual([422, 'field_invalid']);
    },
  );
});

describe('the build config', () => {
  /** As the printed request needs it: build config 1 with the tag config 1. */
  const printed = async (name: string): Promise<string> => {
    const source = { client: 'Simple', cloneUrl: 'https://git.example/app.git' } as const;
    const tagConfig = { id: 1, refType: 'branch', refName: 'main', dockerRepoTag: 'latest', isActive: true } as const;
    const rest = { buildContextPath: '/', dockerfileLocation: '/', cacheEnabled: true, versionTagging: 0 } as const;
    const config = { configId: 1, source, buildNode: 'cn', emailEnabled: true, changedBy: 'alauda', at };
    const described = { description: '', fullDescription: '', isPublic: true, createdBy: 'alauda', at };
    const key = { publicKey: 'ssh-ed25519 AAAA', privateKey: { keyId: '', iv: '', tag: '', ciphertext: '' } };
    const events: readonly RepositoryEvent[] = [
      { type: 'RepositoryCreated', data: { namespace: 'alauda', repoName: name, ...described } },
      { type: 'BuildConfigChanged', data: { ...config, tagConfigs: [{ ...tagConfig, ...rest }] } },
      { type: 'DeployKeyIssued', data: { configId: 1, ...key, at } },
    ];
    await house.tell.repository(`alauda.${name}`, events);
    await house.caughtUp();
    return `/v1/repositories/alauda/${name}/build-config`;
  };

  it('is what the repository shows of it, with an ETag, for everybody who sees the repository', async () => {
    const path = await create('shown');
    const { status, body, headers } = await nobody(`${path}/build-config`);
    expect([status, headers.get('etag')]).toEqual([200, '"3-1"']);
    expect(body).toEqual(RepositoryView.parse((await nobody(path)).body).build_config);
    const hidden = await create('not-shown', { is_public: false });
    expect(errorOf(await bob(`${hidden}/build-config`))).toEqual([404, 'repository_not_found', 'repo_name']);
  });

  it('takes the printed change', async () => {
    const path = await printed('printed');
    const { status, body, headers } = await alauda(path, put(changeBuildConfigRequest));
    expect([status, headers.get('etag')]).toEqual([200, '"1-2"']);
    const view = BuildConfigView.parse(body);
    expect(view).toMatchObject({ id: 1, build_node: 'in', email_enabled: true, code_repo_webhook_code: null });
    const [first, second] = changeBuildConfigRequest.tag_configs;
    expect(view.tag_configs).toEqual([first, { ...second, id: 100, docker_build_config_id: 1 }]);
    expect((await alauda(path)).body).toEqual(body);
  });

  it('is changed by one of two who saw the same', async () => {
    const path = await printed('raced');
    const etag = (await alauda(path)).headers.get('etag') ?? '';
    house.lagMs = 1_000; // the view knows nothing of the first change yet
    expect(await alauda(path, put({ tag_configs: [] }, { 'if-match': etag }))).toMatchObject({ status: 200 });
    const late = await alauda(path, put(changeBuildConfigRequest, { 'if-match': etag }));
    expect(errorOf(late)).toEqual([412, 'build_config_changed', 'If-Match']);
  });

  it.each([
    ['*', 200],
    ['"1-1", "0-0"', 200],
    ['W/"1-1"', 412],
    ['"1-7"', 412],
    ['1-1', 400],
  ] as const)('answers If-Match: %s with %i', async (header, status) => {
    const path = await printed(`match-${randomUUID()}`);
    expect((await alauda(path, put({ tag_configs: [] }, { 'if-match': header }))).status).toBe(status);
  });

  it('refuses ids that it does not have', async () => {
    const path = `${await create('foreign')}/build-config`;
    const { docker_build_config_id: _, ...first } = changeBuildConfigRequest.tag_configs[0] ?? {};
    expect(errorOf(await alauda(path, put({ tag_configs: [first] })))).toEqual([
      422,
      'tag_config_unknown',
      'tag_configs.0.id',
    ]);
    expect(errorOf(await alauda(path, put(changeBuildConfigRequest)))).toEqual([
      422,
      'tag_config_unknown',
      'tag_configs.0.docker_build_config_id',
    ]);
  });

  it.each([
    [{}, 'tag_configs'],
    [
      { tag_configs: [{ ...changeBuildConfigRequest.tag_configs[0], version_tagging: 9 }] },
      'tag_configs.0.version_tagging',
    ],
    [
      { tag_configs: [changeBuildConfigRequest.tag_configs[0], changeBuildConfigRequest.tag_configs[0]] },
      'tag_configs',
    ],
    [{ tag_configs: [], build_node: 'No Node' }, 'build_node'],
  ])('refuses what cannot be: %#', async (body, source) =>
    expect(errorOf(await alauda('/v1/repositories/alauda/shown/build-config', put(body)))).toEqual([
      422,
      'field_invalid',
      source,
    ]),
  );
});

describe('DELETE /v1/repositories/{namespace}/{repo_name}', () => {
  it('is refused while a build is open', async () => {
    const path = await create('busy');
    openBuilds = 1;
    expect(errorOf(await alauda(path, { method: 'DELETE' }))).toEqual([409, 'repository_busy', 'repo_name']);
    expect((await alauda(path)).status).toBe(200);
  });

  it('leaves nothing to be seen, and the name free', async () => {
    const path = await create('gone', { description: 'first' });
    house.lagMs = 30;
    expect(await alauda(path, { method: 'DELETE' })).toMatchObject({ status: 204, body: '' });
    for (const below of ['', '/build-config', '/tags'])
      expect(errorOf(await alauda(`${path}${below}`))).toEqual([404, 'repository_not_found', 'repo_name']);
    expect(errorOf(await alauda(path, { method: 'DELETE' }))).toEqual([404, 'repository_not_found', 'repo_name']);
    await create('gone', { description: 'second' });
    expect(await alauda(path)).toMatchObject({ status: 200, body: { description: 'second' } });
  });
});

describe('GET /v1/repositories/{namespace}/{repo_name}/tags', () => {
  const publish = async (repoName: string, tags: readonly string[]): Promise<string> => {
    const buildId = randomUUID();
    const image = { imageId: digest('a'), digest: digest('b'), size: 1_234 };
    await house.tell.build(buildId, [
      { type: 'BuildRequested', data: { buildId, spec: printedSpec({ repoName }), at } },
      { type: 'ImagePushed', data: { buildId, attempt: 1, ...image, at } },
    ]);
    for (const tag of tags)
      await house.tell.tag(`alauda.${repoName}:${tag}`, [
        { type: 'TagMoved', data: { tag, buildId, order: 1, digest: image.digest, at } },
      ]);
    await house.caughtUp();
    return buildId;
  };

  it('lists what is published, twenty a page, the last one first', async () => {
    const path = await create('tagged');
    const tags = Array.from({ length: 21 }, (_, index) => `v${index}`);
    const buildId = await publish('tagged', tags);
    const { status, body } = await nobody(`${path}/tags/`);
    expect(status).toBe(200);
    const page = body as { readonly results: readonly unknown[] };
    expect(page).toMatchObject({ count: 21, next: `${house.url}${path}/tags?page=2`, previous: null });
    expect(
      PublicTagView.array()
        .parse(page.results)
        .map(({ tag }) => tag),
    ).toEqual(tags.slice(1).reverse());
    expect(page.results[0]).toEqual({
      tag: 'v20',
      digest: digest('b'),
      image_id: 'a'.repeat(12),
      size: 1_234,
      build_id: buildId,
      pushed_at: at,
    });
    expect((await nobody(`${path}/tags?page=2`)).body).toMatchObject({ next: null, results: [{ tag: 'v0' }] });
  });

  it('shows a tag with the build that has it now', async () => {
    const path = await create('moved');
    await publish('moved', ['latest']);
    const build_id = await publish('moved', ['latest']);
    expect((await alauda(`${path}/tags`)).body).toMatchObject({ count: 1, results: [{ tag: 'latest', build_id }] });
  });

  it('is silent about what the caller may not see', async () => {
    const path = await create('hidden-tags', { is_public: false });
    expect((await alauda(`${path}/tags`)).body).toEqual({ count: 0, next: null, previous: null, results: [] });
    for (const call of [bob, nobody])
      expect(errorOf(await call(`${path}/tags`))).toEqual([404, 'repository_not_found', 'repo_name']);
  });
});
