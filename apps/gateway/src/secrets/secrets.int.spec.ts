import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { serveSecrets } from '../house/secrets.fixtures.js';
import { at, printedSpec } from '../house/told.fixtures.js';

const NAMESPACE = '/v1/namespaces/alauda/secrets';
const REPOSITORY = '/v1/repositories/alauda/hidden/secrets';
const CREDENTIALS = '/v1/namespaces/alauda/registry-credentials';
const kept = { created_at: at, updated_at: at, updated_by: 'alauda' };

let house: House;
let alauda: Call;
let bob: Call;
let nobody: Call;
let told: string[];

beforeAll(async () => {
  house = await openHouse();
  serveSecrets(house, (value) => told.push(value));
  serveCommands(house, () => printedSpec());
  alauda = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  nobody = callerWith(house.url, undefined);
  const tag_configs = [{ code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest' }];
  const code = { code_repo_client: 'Simple', code_repo_clone_url: 'https://code.example/a.git', build_node: 'in' };
  const build_config = { ...code, tag_configs };
  await alauda('/v1/repositories/alauda', post({ repo_name: 'hidden', is_public: false, build_config }));
  await house.caughtUp();
}, 30_000);
afterAll(() => house.stop());
beforeEach(() => {
  told = [];
});

const put = (body: unknown): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) });
const errorOf = ({ status, body }: Answer): unknown => {
  const [error] = (body as { readonly errors: readonly { code: string; source: string | null }[] }).errors;
  return [status, error?.code, error?.source];
};

describe.each([NAMESPACE, REPOSITORY])('a secret at %s', (path) => {
  it('is set, listed, shown and removed, and its value is in no answer', async () => {
    const answers = [
      await alauda(`${path}/npm_token`, put({ value: 'the value' })),
      await alauda(`${path}/npm_token`),
      await alauda(path),
    ];
    expect(told).toEqual(['the value']);
    const shown = { name: 'npm_token', ...kept };
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, shown],
      [200, shown],
      [200, { secrets: [shown] }],
    ]);
    expect((await alauda(`${path}/npm_token`, { method: 'DELETE' })).status).toBe(204);
    expect(errorOf(await alauda(`${path}/npm_token`))).toEqual([404, 'secret_not_found', 'name']);
    expect(errorOf(await alauda(`${path}/npm_token`, { method: 'DELETE' }))).toEqual([404, 'secret_not_found', 'name']);
  });

  it.each([
    ['name', '1st', { value: 'x' }],
    ['name', 'a%2Fb', { value: 'x' }],
    ['value', 'a', {}],
    ['value', 'a', { value: '' }],
    ['value', 'a', { value: 'x'.repeat(32_769) }],
    ['value', 'a', { value: 'ü'.repeat(16_385) }],
    ['value', 'a', { value: 7 }],
  ])('names %s as what is wrong', async (source, name, body) => {
    expect(errorOf(await alauda(`${path}/${name}`, put(body)))).toEqual([422, 'field_invalid', source]);
    expect(told).toEqual([]);
  });

  it('is nothing to others, and nothing without a token', async () => {
    for (const init of [undefined, put({ value: 'x' }), { method: 'DELETE' }]) {
      expect((await bob(`${path}/npm_token`, init)).status).toBe(404);
      expect((await nobody(`${path}/npm_token`, init)).status).toBe(401);
    }
    expect((await bob(path)).status).toBe(404);
    expect((await nobody(path)).status).toBe(401);
    expect(told).toEqual([]);
  });
});

describe('a registry credential', () => {
  const body = { username: 'robot', password: 'the password' };

  it('is set, listed, shown and removed, and its password is in no answer', async () => {
    const answers = [
      await alauda(`${CREDENTIALS}/registry.example:5000`, put(body)),
      await alauda(`${CREDENTIALS}/registry.example:5000`),
      await alauda(CREDENTIALS),
    ];
    expect(told).toEqual(['the password']);
    const shown = { host: 'registry.example:5000', username: 'robot', ...kept };
    expect(answers.map(({ status, body: answered }) => [status, answered])).toEqual([
      [200, shown],
      [200, shown],
      [200, { registry_credentials: [shown] }],
    ]);
    const path = `${CREDENTIALS}/registry.example:5000`;
    expect((await alauda(path, { method: 'DELETE' })).status).toBe(204);
    expect(errorOf(await alauda(path))).toEqual([404, 'registry_credential_not_found', 'host']);
  });

  it.each([
    'inside.example',
    'inside.example:5000',
    'mixed.example',
    '127.0.0.1:5000',
    '[::1]:5000',
    '169.254.169.254',
  ])('is refused for %s, which leads inside', async (host) => {
    const answer = await alauda(`${CREDENTIALS}/${encodeURIComponent(host)}`, put(body));
    expect(errorOf(answer)).toEqual([422, 'address_refused', 'host']);
    expect(told).toEqual([]);
  });

  it.each([
    ['host', 'UPPER.example', body],
    ['host', 'a/b', body],
    ['username', 'registry.example', { ...body, username: 'a:b' }],
    ['password', 'registry.example', { username: 'robot' }],
  ])('names %s as what is wrong', async (source, host, sent) =>
    expect(errorOf(await alauda(`${CREDENTIALS}/${encodeURIComponent(host)}`, put(sent)))).toEqual([
      422,
      'field_invalid',
      source,
    ]),
  );

  it('is nothing to others', async () => {
    for (const init of [undefined, put(body), { method: 'DELETE' }]) {
      expect(errorOf(await bob(`${CREDENTIALS}/registry.example`, init))).toEqual([
        404,
        'namespace_not_found',
        'namespace',
      ]);
      expect((await nobody(`${CREDENTIALS}/registry.example`, init)).status).toBe(401);
    }
    expect(told).toEqual([]);
  });
});
