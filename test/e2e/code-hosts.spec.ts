import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RepositoryView } from '@slipway/contracts';
import {
  makePrivateCa,
  makeSshKey,
  startGitServer,
  startSshGitServer,
  temporaryDirectory,
  type GitServer,
  type SshGitServer,
} from '@slipway/testing';
import { checkoutPaths } from '../../tools/launcher/paths.js';
import { bundlePath } from '../../tools/launcher/system/bundle.js';
import { openState } from '../../tools/launcher/system/state.js';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi, type Answer, type Api } from './lib/api.js';

const LIMIT_MS = 90_000;

describe('code hosts', () => {
  const state = temporaryDirectory();
  const root = temporaryDirectory();
  const authority = makePrivateCa();
  /** Opens what the service did not seal itself. */
  const secretKey = randomBytes(32).toString('base64');
  /** Deploy keys that were installed on the ssh server. */
  const installed: string[] = [];
  let open: GitServer; // whoever asks may read
  let closed: GitServer; // nobody has the password
  let ssh: SshGitServer;
  let system: RunningSystem;
  let api: Api;
  let head: string;

  beforeAll(async () => {
    const { tls } = authority;
    open = await startGitServer({ root: root.path, tls });
    closed = await startGitServer({ root: root.path, tls, auth: { username: 'ada', password: 'only ada knows' } });
    ssh = await startSshGitServer({ root: root.path, authorizedKeys: () => installed });
    ({ head } = await open.createRepository('owner/project', { Dockerfile: 'FROM scratch\n' }));
    system = await startTestSystem({
      stateDir: state.path,
      command: 'e2e',
      builder: 'dummy',
      agents: 1,
      env: {
        '*': bases(),
        repository: { DEPLOY_KEY_RSA_CLIENTS: 'GitCafe', SLIPWAY_SECRET_KEY_OLD: secretKey },
        'build-agent': { SOURCE: 'git', CODE_HOST_CA_FILE: authority.caFile },
      },
    });
    api = connectApi(system.urls.api, system.adminToken);
  }, LIMIT_MS);
  afterAll(async () => {
    await Promise.all([system.stop(), open.stop(), closed.stop(), ssh.stop()]);
    for (const one of [state, root, authority]) one.remove();
  }, LIMIT_MS);

  /** GitHub and Bitbucket show the code to everybody, the others to whoever has the deploy key. */
  const bases = () => ({
    CODE_HOST_GITHUB_URL: open.url,
    CODE_HOST_BITBUCKET_URL: open.url,
    CODE_HOST_OSCHINA_URL: closed.url,
    CODE_HOST_GITCAFE_URL: closed.url,
    CODE_HOST_OSCHINA_SSH_URL: ssh.url,
    CODE_HOST_GITCAFE_SSH_URL: ssh.url,
  });

  async function create(repoName: string, code: object): Promise<RepositoryView> {
    const tag_configs = [{ code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest' }];
    const body = JSON.stringify({ repo_name: repoName, build_config: { ...code, tag_configs } });
    const headers = { ...api.authorization, 'content-type': 'application/json' };
    const answer = await api.call('/v1/repositories/e2e', { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    return answer.body as RepositoryView;
  }
  const on = (client: string) => ({
    code_repo_client: client,
    code_repo_namespace: 'owner',
    code_repo_name: 'project',
  });
  const built = async (repoName: string) => api.ended((await api.requestBuild(`e2e/${repoName}`)).build_id);
  const pin = (...keys: string[]): Promise<Answer> =>
    api.call(`/v1/code-hosts/host-keys/127.0.0.1:${ssh.port}`, {
      method: 'PUT',
      headers: { ...api.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ keys }),
    });

  it.each(['GitHub', 'Bitbucket'])(
    'build over https, with a certificate that a private authority signed (%s)',
    async (client) => {
      await create(client.toLowerCase(), on(client));
      expect(await built(client.toLowerCase())).toMatchObject({ status: 'S', code_head_commit: head });
    },
    LIMIT_MS,
  );

  it(
    'are not spoken to over ssh before their key is pinned, nor with another one',
    async () => {
      await create('unpinned', on('OSChina'));
      expect(await built('unpinned')).toMatchObject({ status: 'F', failure: { code: 'SOURCE_HOST_KEY_UNKNOWN' } });
      expect(await pin(makeSshKey().publicKey)).toMatchObject({ status: 200 });
      expect(await built('unpinned')).toMatchObject({ status: 'F', failure: { code: 'SOURCE_HOST_KEY_CHANGED' } });
      expect(ssh.commands).toEqual([]);
      expect(await pin(ssh.hostKey)).toMatchObject({ status: 200 });
      expect(await built('unpinned')).toMatchObject({ status: 'F', failure: { code: 'SOURCE_ACCESS_DENIED' } });
    },
    LIMIT_MS,
  );

  it.each([
    ['OSChina', 'ssh-ed25519', () => on('OSChina')],
    ['GitCafe', 'ssh-rsa', () => on('GitCafe')],
    [
      'Simple',
      'ssh-ed25519',
      () => ({ code_repo_client: 'Simple', code_repo_clone_url: `${ssh.url}/owner/project.git` }),
    ],
  ])(
    'build over ssh once the deploy key is installed (%s, %s)',
    async (client, keyType, code) => {
      await pin(ssh.hostKey);
      const { build_config } = await create(client.toLowerCase(), code());
      expect(build_config.code_repo_public_key).toMatch(new RegExp(`^${keyType} `));
      installed.push(build_config.code_repo_public_key);
      expect(await built(client.toLowerCase())).toMatchObject({ status: 'S', code_head_commit: head });
    },
    LIMIT_MS,
  );

  it(
    'know a rotated deploy key once it is installed, and the former one no more',
    async () => {
      const headers = api.authorization;
      const path = '/v1/repositories/e2e/oschina/build-config';
      const before = await api.call(path, { headers });
      const after = await api.call(`${path}/rotate-key`, { method: 'POST', headers });
      const keyOf = ({ body }: Answer): string => (body as RepositoryView['build_config']).code_repo_public_key;
      expect(keyOf(after)).not.toBe(keyOf(before));
      expect(await built('oschina')).toMatchObject({ status: 'F', failure: { code: 'SOURCE_ACCESS_DENIED' } });
      installed.push(keyOf(after));
      expect(await built('oschina')).toMatchObject({ status: 'S' });
    },
    LIMIT_MS,
  );

  it(
    'go on while the stored keys are sealed with another secret key',
    async () => {
      const env = {
        ...process.env,
        NODE_OPTIONS: '',
        EVENTSTORE_URL: system.urls.eventStore,
        SLIPWAY_SECRET_KEY: secretKey,
        SLIPWAY_SECRET_KEY_OLD: openState(state.path).secretKey,
      };
      const program = bundlePath(checkoutPaths(), 'repository');
      const rotate = () => promisify(execFile)(process.execPath, [program, 'keys', 'rotate'], { env });
      const { stdout } = await rotate();
      expect(stdout).toMatch(/^deploy keys: 6 sealed anew, 0 were, 0 cannot be opened$/m);
      expect((await rotate()).stdout).toMatch(/^deploy keys: 0 sealed anew, 6 were, 0 cannot be opened$/m);
      expect(await built('oschina')).toMatchObject({ status: 'S' });
    },
    LIMIT_MS,
  );

  it('leave no private key in what the system keeps: workspaces, events, views, logs', async () => {
    const kept = await textsBelow(state.path);
    expect(kept.some((text) => text.includes('DeployKeyIssued'))).toBe(true); // it is looked where events are
    for (const text of kept) expect(text).not.toMatch(/(?:OPENSSH|RSA) PRIVATE KEY|b3BlbnNzaC1rZXktdjE|openssh-key-v1/);
  });
});

async function textsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
}
