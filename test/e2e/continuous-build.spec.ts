import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { BuildView, DeliveryView, IssuedWebhookView, ReconcileView, WebhookAnswerView } from '@slipway/contracts';
import { startGitServer, temporaryDirectory, type GitServer } from '@slipway/testing';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi, type Api } from './lib/api.js';

const LIMIT_MS = 90_000;
type Headers = Readonly<Record<string, string>>;

describe('continuous build', () => {
  const state = temporaryDirectory();
  let git: GitServer;
  let system: RunningSystem;
  let api: Api;
  let head: string;

  beforeAll(async () => {
    git = await startGitServer();
    ({ head } = await git.createRepository('owner/project', { Dockerfile: 'FROM scratch\n' }));
    const env = { '*': { CODE_HOST_OSCHINA_URL: git.url, CODE_HOST_GITCAFE_URL: git.url } };
    system = await startTestSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 1, env });
    api = connectApi(system.urls.api, system.adminToken);
  }, LIMIT_MS);
  afterAll(async () => {
    await Promise.all([system.stop(), git.stop()]);
    state.remove();
  }, LIMIT_MS);

  const send = (path: string, body: unknown = {}) =>
    api.call(path, {
      method: 'POST',
      headers: { ...api.authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  /** An image repository whose branch `main` is built at a push, and its webhook. */
  async function webhook(repoName: string, client: string, project = 'project'): Promise<IssuedWebhookView> {
    const source =
      client === 'Simple'
        ? { code_repo_clone_url: `${git.url}/owner/${project}.git` }
        : { code_repo_namespace: 'owner', code_repo_name: project };
    const tag = { code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest', is_active: true };
    const build_config = { code_repo_client: client, ...source, tag_configs: [tag] };
    expect(await send('/v1/repositories/e2e', { repo_name: repoName, build_config })).toMatchObject({ status: 201 });
    const issued = await send(`/v1/repositories/e2e/${repoName}/build-config/webhook`);
    expect(issued.status).toBe(201);
    return issued.body as IssuedWebhookView;
  }

  async function deliver({ code }: IssuedWebhookView, body: string, headers: Headers) {
    const answer = await api.call(`/v1/webhooks/${code}`, { method: 'POST', headers, body });
    return { status: answer.status, body: answer.body as WebhookAnswerView };
  }

  const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text);
  const gitHubHeaders = (secret: string, body: string): Headers => ({
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}`,
  });
  const giteeHeaders = (secret: string): Headers => {
    const timestamp = String(Date.now());
    const token = hmac(secret, `${timestamp}\n${secret}`).digest('base64');
    return { 'x-gitee-event': 'Push Hook', 'x-gitee-timestamp': timestamp, 'x-gitee-token': token };
  };
  const push = (ref = 'refs/heads/main', after = head) => JSON.stringify({ ref, before: '0'.repeat(40), after });
  const buildOf = async (id: string | undefined) =>
    (await api.call(`/v1/builds/${id}`, { headers: api.authorization })).body as BuildView;

  it.each<[string, () => string, (secret: string, body: string) => Headers]>([
    ['GitHub', () => push(), gitHubHeaders],
    [
      'Bitbucket',
      () => {
        const ref = { type: 'branch', name: 'main', target: { type: 'commit', hash: head } };
        return JSON.stringify({ push: { changes: [{ new: ref, old: null, created: true, closed: false }] } });
      },
      (secret, body) => ({
        'x-event-key': 'repo:push',
        'x-request-uuid': randomUUID(),
        'x-hub-signature': `sha256=${hmac(secret, body).digest('hex')}`,
      }),
    ],
    ['OSChina', () => push(), giteeHeaders],
    ['GitCafe', () => push(), () => ({})],
    ['Simple', () => push(), gitHubHeaders],
  ])(
    'starts with one signed push of %s',
    async (client, bodyOf, headersOf) => {
      const hook = await webhook(`by-${client.toLowerCase()}`, client);
      const body = bodyOf();
      const answer = await deliver(hook, body, headersOf(hook.secret, body));
      expect(answer).toMatchObject({ status: 200, body: { builds: [expect.any(String)], skipped: [] } });
      expect(await buildOf(answer.body.builds[0])).toMatchObject({
        auto_created: true,
        code_head_commit: head,
        code_repo_client: client,
        code_repo_type_value: 'main',
        docker_repo_tag: 'latest',
        created_by: 'admin',
      });
    },
    LIMIT_MS,
  );

  it(
    'makes one build of a delivery that comes a hundred times at once, none of deletions, pings and forgeries, and another of a replay',
    async () => {
      const hook = await webhook('often', 'GitHub');
      const headers = gitHubHeaders(hook.secret, push());
      const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(hook, push(), headers)));
      expect(answers.filter(({ status }) => status > 202)).toEqual([]);
      const ids = new Set(answers.flatMap(({ body }) => body.builds));
      expect(ids.size).toBe(1);

      const deletion = push('refs/heads/main', '0'.repeat(40));
      const gone = await deliver(hook, deletion, gitHubHeaders(hook.secret, deletion));
      expect(gone.body).toMatchObject({ builds: [], skipped: [{ ref: 'refs/heads/main', why: 'REF_DELETED' }] });
      const ping = { ...gitHubHeaders(hook.secret, '{}'), 'x-github-event': 'ping' };
      expect((await deliver(hook, '{}', ping)).body).toMatchObject({
        builds: [],
        skipped: [{ ref: null, why: 'PING' }],
      });
      expect(await deliver(hook, push(), gitHubHeaders('forged', push()))).toMatchObject({ status: 403 });

      const path = `/v1/repositories/e2e/often/deliveries/${headers['x-github-delivery']}`;
      expect((await send(`${path}/replay?dry_run=true`)).body).toMatchObject({
        dry_run: true,
        builds: [],
        matched: [{ commit: head }],
      });
      const shown = await api.call(path, { headers: api.authorization });
      expect((shown.body as DeliveryView).builds).toEqual([...ids]);
      const replayed = await send(`${path}/replay`);
      const all = await api.call('/v1/builds?namespace=e2e&repo_name=often', { headers: api.authorization });
      expect(replayed.body).toMatchObject({ dry_run: false, builds: [expect.any(String)] });
      expect(all.body).toMatchObject({ count: 2 });
    },
    LIMIT_MS,
  );

  it.each([
    ['OSChina', giteeHeaders],
    ['Simple', gitHubHeaders],
  ] as const)(
    'builds a push to %s of which nobody told as soon as somebody asks to look, and not again when the webhook comes late',
    async (client, headersOf) => {
      const project = `lost-${client.toLowerCase()}`;
      const code = await git.createRepository(
        `owner/${project}`,
        { Dockerfile: 'FROM scratch\n' },
        { commits: [{ a: '1' }] },
      );
      const [first, pushed] = [code.commits[0] ?? '', code.head];
      const move = (commit: string) =>
        promisify(execFile)('git', ['-C', code.directory, 'update-ref', 'refs/heads/main', commit]);
      await move(first);
      const hook = await webhook(project, client, project);
      const look = async () =>
        (await send(`/v1/repositories/e2e/${project}/build-config/reconcile`)).body as ReconcileView;
      expect(await look()).toMatchObject({ builds: [], delivery_id: null, is_first: true });

      await move(pushed);
      const found = await look();
      const delivery_id = expect.stringMatching(/^reconciler\./) as unknown;
      expect(found).toMatchObject({ builds: [expect.any(String)], skipped: [], delivery_id, is_first: false });
      expect(await buildOf(found.builds[0])).toMatchObject({ auto_created: true, code_head_commit: pushed });

      const body = push('refs/heads/main', pushed);
      const late = await deliver(hook, body, headersOf(hook.secret, body));
      expect(late.body).toMatchObject({ builds: [], skipped: [{ why: 'ALREADY_FOUND' }] });
      expect(await look()).toMatchObject({ builds: [], delivery_id: null, is_first: false });
    },
    LIMIT_MS,
  );
});
