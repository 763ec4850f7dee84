import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { createRepositoryRequest, simpleBuildConfig } from '@slipway/contracts/fixtures';
import { printedSpec } from '../house/told.fixtures.js';

describe('a clone URL at the door', () => {
  let house: House;
  let alauda: Call;
  let created = 0;
  beforeAll(async () => {
    house = await openHouse();
    serveCommands(house, () => printedSpec());
    alauda = callerWith(house.url, await house.tokenOf('alauda'));
  }, 30_000);
  afterAll(() => house.stop());

  const create = (code_repo_clone_url: string): Promise<Answer> => {
    const build_config = { ...simpleBuildConfig, code_repo_clone_url };
    return alauda(
      '/v1/repositories/alauda',
      post({ ...createRepositoryRequest, repo_name: `r${created++}`, build_config }),
    );
  };

  it.each([
    'http://127.0.0.1/r.git',
    'http://2130706433/r.git',
    'http://0x7f.0.0.1/r.git',
    'https://[::1]/r.git',
    'https://[::ffff:10.0.0.1]/r.git',
    'http://169.254.169.254/latest/meta-data',
    'https://inside.example/r.git',
    'https://mixed.example/r.git',
    'https://INSIDE.example./r.git',
    'ssh://git@inside.example:2222/r.git',
    'git@inside.example:n/r.git',
  ])('%s is refused: it leads inside', async (cloneUrl) =>
    expect(await create(cloneUrl)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'address_refused', source: 'build_config.code_repo_clone_url' }] },
    }),
  );

  it.each(['https://code.example/r.git', 'ssh://git@code.example/r.git', 'git@code.example:n/r.git'])(
    '%s is taken',
    async (cloneUrl) => expect(await create(cloneUrl)).toMatchObject({ status: 201 }),
  );

  it.each(['https://unknown.example/r.git', 'https://silent.example/r.git'])(
    '%s is taken: the agent will know where it leads',
    async (cloneUrl) => expect(await create(cloneUrl)).toMatchObject({ status: 201 }),
  );

  it.each([
    'file:///etc/passwd',
    'ext::sh -c touch% x',
    'ftp://code.example/r.git',
    'git://code.example/r.git',
    '--upload-pack=touch${IFS}x',
    '-utouch',
    '/etc',
    'ssh://-oProxyCommand=x/r',
    'http://-oProxyCommand=x/r',
    'git@-oProxyCommand=x:r',
    'git@code.example:-r',
    'https://code.example/r\u0001.git',
    'https://code.example/r\u007f.git',
    'https://code.example/r.git\n',
    'https://code.example/r.git?x=1',
  ])('%j is refused: git does not get to see it', async (cloneUrl) =>
    expect(await create(cloneUrl)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'field_invalid', source: 'build_config.code_repo_clone_url' }] },
    }),
  );

  it('sends nothing to whom it refuses', async () => {
    let connections = 0;
    const canary = createServer().on('connection', () => (connections += 1));
    await new Promise<void>((listening) => canary.listen(0, '127.0.0.1', listening));
    const { port } = canary.address() as AddressInfo;
    expect((await create(`http://127.0.0.1:${port}/r.git`)).status).toBe(422);
    canary.close();
    expect(connections).toBe(0);
  });

  it.each([
    ['code_repo_namespace', '-u'],
    ['code_repo_namespace', '..'],
    ['code_repo_name', '.'],
    ['code_repo_name', '--upload-pack=x'],
    ['code_repo_name', 'a\u0001b'],
  ])('%s %j is refused on every other code host', async (field, value) => {
    const build_config = { ...createRepositoryRequest.build_config, [field]: value };
    const body = { ...createRepositoryRequest, repo_name: `r${created++}`, build_config };
    expect(await alauda('/v1/repositories/alauda', post(body))).toMatchObject({
      status: 422,
      body: { errors: [{ source: `build_config.${field}` }] },
    });
  });

  it.each([
    ['code_repo_type_value', '-u'],
    ['code_repo_type_value', '--upload-pack=x'],
    ['code_repo_type_value', 'a\u0001b'],
    ['build_context_path', '/a\u0001b'],
    ['build_context_path', '/../x'],
    ['dockerfile_location', '/a\u007fb'],
  ])('%s %j is refused in every tag config', async (field, value) => {
    const tag_configs = [{ ...simpleBuildConfig.tag_configs[0], [field]: value }];
    const build_config = { ...simpleBuildConfig, tag_configs };
    const body = { ...createRepositoryRequest, repo_name: `r${created++}`, build_config };
    expect(await alauda('/v1/repositories/alauda', post(body))).toMatchObject({
      status: 422,
      body: { errors: [{ source: `build_config.tag_configs.0.${field}` }] },
    });
  });
});
