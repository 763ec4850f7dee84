import { temporaryDirectory } from '@slipway/testing';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi, type Answer, type Api } from './lib/api.js';

const LIMIT_MS = 90_000;
/** The dummy source reads nothing. */
const cloneUrl = 'http://127.0.0.1/not-fetched.git';

describe('a repository', () => {
  const state = temporaryDirectory();
  let system: RunningSystem;
  let api: Api;
  beforeAll(async () => {
    system = await startTestSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 1 });
    api = connectApi(system.urls.api, system.adminToken);
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    state.remove();
  }, LIMIT_MS);

  /** Without a body, as curl sends it. */
  const remove = async (path: string): Promise<number> => {
    const headers = { authorization: `Token ${system.adminToken}` };
    return (await fetch(`${system.urls.api}/v1/repositories/${path}`, { method: 'DELETE', headers })).status;
  };
  const tags = async (path: string): Promise<Answer['body']> => (await api.call(`/v1/repositories/${path}/tags`)).body;
  const built = async (path: string): Promise<string> =>
    (await api.ended((await api.requestBuild(path)).build_id)).build_id;

  it(
    'is not deleted while a build of it waits',
    async () => {
      await api.createRepository('e2e/waiting', { cloneUrl, buildNode: 'cn' }); // no agent of this system is there
      const { build_id } = await api.requestBuild('e2e/waiting');
      expect(await remove('e2e/waiting')).toBe(409);
      expect((await api.build(build_id)).status).toBe('W');
      expect((await api.requestBuild('e2e/waiting')).status).toBe('W'); // it goes on as before
    },
    LIMIT_MS,
  );

  it(
    'is changed, deleted and created again',
    async () => {
      const path = 'e2e/changed';
      const first = await api.createRepository(path, { cloneUrl });
      const build_id = await built(path);
      expect(await tags(path)).toMatchObject({ count: 1, results: [{ tag: 'latest', build_id }] });

      const config = await api.call(`/v1/repositories/${path}/build-config`);
      const headers = {
        authorization: `Token ${system.adminToken}`,
        'content-type': 'application/json',
        'if-match': config.headers.get('etag') ?? '',
      };
      const body = JSON.stringify({ tag_configs: first.build_config.tag_configs.map(renamed) });
      const change = (): Promise<Answer> =>
        api.call(`/v1/repositories/${path}/build-config`, { method: 'PUT', headers, body });
      expect(await change()).toMatchObject({ status: 200, body: { tag_configs: [{ docker_repo_tag: 'next' }] } });
      expect(await change()).toMatchObject({ status: 412 });
      expect((await api.ended((await api.requestBuild(path, { tag: 'next' })).build_id)).status).toBe('S');
      expect(await tags(path)).toMatchObject({ count: 2, results: [{ tag: 'next' }, { tag: 'latest' }] });

      expect(await remove(path)).toBe(204);
      expect((await api.call(`/v1/repositories/${path}`)).status).toBe(404);
      const second = await api.createRepository(path, { cloneUrl });
      expect(second.build_config.id).not.toBe(first.build_config.id);
      expect(second.build_config.tag_configs[0]?.id).not.toBe(first.build_config.tag_configs[0]?.id);
      expect(second).toMatchObject({ upload: 0, pushed_at: null });
      expect(await tags(path)).toMatchObject({ count: 0 });
      const again = await built(path);
      expect(await tags(path)).toMatchObject({ count: 1, results: [{ tag: 'latest', build_id: again }] });
      expect((await api.builds('namespace=e2e&repo_name=changed')).count).toBe(3); // history stays
      expect((await api.call(`/v1/repositories/${path}`)).body).toMatchObject({ upload: 1 });
    },
    LIMIT_MS,
  );
});

const renamed = <T extends object>(config: T): T => ({ ...config, docker_repo_tag: 'next' });
