import { answerOf, ApiError, createClient, type Client, type TagConfigBody } from '@slipway/client';
import { temporaryDirectory } from '@slipway/testing';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';

const LIMIT_MS = 90_000;
const tag_configs: TagConfigBody[] = [
  { code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest' },
];

describe('the typed client', () => {
  const state = temporaryDirectory();
  let system: RunningSystem;
  let slipway: Client;

  beforeAll(async () => {
    system = await startTestSystem({
      stateDir: state.path,
      command: 'e2e',
      builder: 'dummy',
      agents: 1,
      keepsNats: true, // the client leaves it to its user to come again
    });
    slipway = createClient({ url: system.urls.api, token: system.adminToken });
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    state.remove();
  }, LIMIT_MS);

  it(
    'creates a repository, asks for a build and follows it to its end',
    async () => {
      const build_config = {
        code_repo_client: 'Simple',
        code_repo_clone_url: 'http://127.0.0.1/not-fetched.git',
        tag_configs,
      } as const;
      const repository = await answerOf(
        slipway.POST('/v1/repositories/{namespace}', {
          params: { path: { namespace: 'typed' } },
          body: { repo_name: 'app', build_config },
        }),
      );
      const { build_id } = await answerOf(
        slipway.POST('/v1/builds', { body: { namespace: repository.namespace, repo_name: 'app', tag: 'latest' } }),
      );

      const lines: string[] = [];
      for await (const news of slipway.follow(build_id)) {
        if (news.type === 'line') lines.push(news.message);
        if (news.type === 'end') expect(news).toMatchObject({ status: 'S', total_lines: lines.length });
      }
      const params = { path: { build_id } };
      const log = await answerOf(slipway.GET('/v1/builds/{build_id}/logs', { params }));
      expect(log.map(({ message }) => message)).toEqual(lines);
      expect(await answerOf(slipway.GET('/v1/builds/{build_id}', { params }))).toMatchObject({
        status: 'S',
        log_lines: lines.length,
      });
    },
    LIMIT_MS,
  );

  it('throws what the API refuses, or hands it over', async () => {
    const params = { path: { namespace: 'typed', repo_name: 'none' } };
    const { error, response } = await slipway.GET('/v1/repositories/{namespace}/{repo_name}', { params });
    expect([response.status, error?.errors[0]?.code]).toEqual([404, 'repository_not_found']);
    const call = answerOf(slipway.GET('/v1/repositories/{namespace}/{repo_name}', { params }));
    await expect(call).rejects.toThrow(new ApiError(404, error?.errors ?? []));
  });
});
