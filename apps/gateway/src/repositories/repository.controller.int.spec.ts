import { RepositoryView } from '@slipway/contracts';
import { createRepositoryRequest, repositoryAnswer, simpleBuildConfig } from '@slipway/contracts/fixtures';
import { callerWith, post, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { at, printedSpec } from '../house/told.fixtures.js';

let house: House;
let admin: Call;
let alauda: Call;
let bob: Call;
let nobody: Call;

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, () => printedSpec());
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
  alauda = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  nobody = callerWith(house.url, undefined);
}, 30_000);
afterAll(() => house.stop());
afterEach(() => {
  house.lagMs = 0;
});

const testtest = {
  ...createRepositoryRequest,
  build_config: {
    ...createRepositoryRequest.build_config,
    code_repo_namespace: 'alauda',
    code_repo_name: 'testtest',
  },
};
const named = (repo_name: string, change: object = {}): object => ({
  ...createRepositoryRequest,
  repo_name,
  ...change,
});

describe('POST /v1/repositories/{namespace}', () => {
  it('takes the printed request and gives the printed answer', async () => {
    const { status, body } = await alauda('/v1/repositories/alauda', post(testtest));
    expect(status).toBe(201);
    expect(RepositoryView.parse(body)).toMatchObject({ ...repositoryAnswer, created_at: at, updated_at: at });
    expect(RepositoryView.parse(body).build_config.code_repo_public_key).toMatch(/^ssh-\S+ \S+/);
  });

  it('shows it to a GET that follows at once, though the view takes its time', async () => {
    house.lagMs = 30;
    for (let round = 0; round < 3; round++) {
      const created = await alauda('/v1/repositories/alauda', post(named(`at-once-${round}`)));
      const shown = await alauda(`/v1/repositories/alauda/at-once-${round}`);
      expect(shown).toMatchObject({ status: 200, body: created.body as object });
    }
  });

  it('is answered also when the view is far behind', async () => {
    house.lagMs = 1_000;
    expect(await alauda('/v1/repositories/alauda', post(named('far-behind')))).toMatchObject({ status: 201 });
    expect(await alauda('/v1/repositories/alauda/far-behind')).toMatchObject({ status: 404 });
    house.lagMs = 0;
    await house.caughtUp();
    expect(await alauda('/v1/repositories/alauda/far-behind')).toMatchObject({ status: 200 });
  });

  it('takes the printed request of a plain git URL', async () => {
    const { status, body } = await alauda(
      '/v1/repositories/alauda',
      post(named('simple', { build_config: simpleBuildConfig })),
    );
    expect(status).toBe(201);
    expect(RepositoryView.parse(body).build_config).toMatchObject({
      code_repo_client: 'Simple',
      code_repo_path: 'example/example',
      code_repo_path_url: 'http://github.com/example/example',
      deploy_url: null,
      build_node: 'in',
      email_enabled: false,
      tag_configs: [{ build_context_path: '/' }],
    });
  });

  it('takes docker_build_tag, the older name of docker_repo_tag', async () => {
    const [{ docker_repo_tag, ...config }] = simpleBuildConfig.tag_configs as [
      (typeof simpleBuildConfig.tag_configs)[number],
    ];
    const build_config = { ...simpleBuildConfig, tag_configs: [{ ...config, docker_build_tag: docker_repo_tag }] };
    const { status, body } = await alauda('/v1/repositories/alauda', post(named('older-name', { build_config })));
    expect([status, RepositoryView.parse(body).build_config.tag_configs[0]?.docker_repo_tag]).toEqual([201, 'latest']);
  });

  it('says 409 for another repository of the same name', async () => {
    await alauda('/v1/repositories/alauda', post(named('taken')));
    expect(await alauda('/v1/repositories/alauda', post(named('taken', { description: 'other' })))).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'repository_exists', source: 'repo_name' }] },
    });
  });

  it('says 422 for a code host that has closed', async () => {
    const build_config = { ...createRepositoryRequest.build_config, code_repo_client: 'GitCafe' };
    expect(await alauda('/v1/repositories/alauda', post(named('cafe', { build_config })))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'code_host_closed', source: 'build_config.code_repo_client' }] },
    });
  });

  it('names every broken field', async () => {
    const [config] = createRepositoryRequest.build_config.tag_configs;
    const build_config = {
      ...createRepositoryRequest.build_config,
      tag_configs: [{ ...config, docker_repo_tag: 'no tag', version_tagging: 7, build_context_path: '/../etc' }],
    };
    const { status, body } = await alauda('/v1/repositories/alauda', post(named('Not A Name', { build_config })));
    expect(status).toBe(422);
    const { errors } = body as { errors: readonly { code: string; source: string; message: string }[] };
    expect(errors.map(({ source }) => source).sort()).toEqual([
      'build_config.tag_configs.0.build_context_path',
      'build_config.tag_configs.0.docker_repo_tag',
      'build_config.tag_configs.0.version_tagging',
      'repo_name',
    ]);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['field_invalid']));
  });

  it.each(['nul \0 inside', 'half a pair \ud800'])('refuses text that is none (%j)', async (description) => {
    expect(await alauda('/v1/repositories/alauda', post(named('text', { description })))).toMatchObject({
      status: 422,
      body: { errors: [{ source: 'description' }] },
    });
  });

  it('is for the owner of the namespace and for administrators', async () => {
    const bodyOf = (name: string) => post(named(name));
    expect(await nobody('/v1/repositories/alauda', bodyOf('a'))).toMatchObject({ status: 401 });
    expect(await bob('/v1/repositories/alauda', bodyOf('a'))).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'namespace_not_found', source: 'namespace' }] },
    });
    expect(await admin('/v1/repositories/alauda', bodyOf('by-admin'))).toMatchObject({
      status: 201,
      body: { created_by: 'admin' },
    });
  });
});

describe('GET /v1/repositories/{namespace}/{repo_name}', () => {
  beforeAll(async () => {
    await alauda('/v1/repositories/alauda', post(named('public')));
    await alauda('/v1/repositories/alauda', post(named('private', { is_public: false })));
  });

  it('shows a public repository to everybody', async () => {
    for (const call of [nobody, bob, alauda, admin])
      expect(await call('/v1/repositories/alauda/public')).toMatchObject({
        status: 200,
        body: { repo_name: 'public' },
      });
  });

  it('shows a private one to whom it belongs, and is silent about it to all others', async () => {
    for (const call of [alauda, admin])
      expect(await call('/v1/repositories/alauda/private')).toMatchObject({ status: 200, body: { is_public: false } });
    const missing = await nobody('/v1/repositories/alauda/missing');
    expect(missing).toMatchObject({ status: 404, body: { errors: [{ code: 'repository_not_found' }] } });
    for (const call of [nobody, bob])
      expect(await call('/v1/repositories/alauda/private')).toMatchObject({
        status: 404,
        body: missing.body as object,
      });
  });

  it('does not know what cannot be a name', async () =>
    expect(await nobody('/v1/repositories/alauda/Not%20A%20Name')).toMatchObject({ status: 404 }));

  it('does not take a bad token for none', async () =>
    expect(await callerWith(house.url, 'slp_bad')('/v1/repositories/alauda/public')).toMatchObject({ status: 401 }));
});

describe('GET /v1/repositories/{namespace}', () => {
  beforeAll(async () => {
    for (let index = 0; index < 22; index++) {
      const repository = named(`r${String(index).padStart(2, '0')}`, { is_public: index % 2 === 0 });
      await admin('/v1/repositories/paged', post(repository));
    }
    await house.caughtUp();
  });
  const names = (body: unknown): readonly string[] =>
    (body as { results: readonly { repo_name: string }[] }).results.map(({ repo_name }) => repo_name);

  it('pages through all of them, twenty a page', async () => {
    const first = await admin('/v1/repositories/paged');
    expect(first.body).toMatchObject({
      count: 22,
      previous: null,
      next: `${house.url}/v1/repositories/paged?page=2`,
    });
    const second = await admin('/v1/repositories/paged?page=2');
    expect(second.body).toMatchObject({ count: 22, next: null, previous: `${house.url}/v1/repositories/paged?page=1` });
    expect([...names(first.body), ...names(second.body)]).toEqual(
      Array.from({ length: 22 }, (_, index) => `r${String(index).padStart(2, '0')}`),
    );
    RepositoryView.array().parse((first.body as { results: unknown }).results);
  });

  it('shows others what is public', async () => {
    const { body } = await nobody('/v1/repositories/paged');
    expect(body).toMatchObject({ count: 11, next: null, previous: null });
    expect(names(body)).not.toContain('r01');
  });

  it('is empty where nothing is', async () =>
    expect((await nobody('/v1/repositories/empty')).body).toEqual({
      count: 0,
      next: null,
      previous: null,
      results: [],
    }));
});
