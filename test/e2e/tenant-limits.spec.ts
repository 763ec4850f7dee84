import { BuildView } from '@slipway/contracts';
import { temporaryDirectory, until } from '@slipway/testing';
import {
  AUDIENCE,
  signedBy,
  startIssuer,
  testKey,
  type TestIssuer,
  type TestKey,
} from '../../apps/gateway/src/auth/oidc/issuer.fixtures.js';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi } from './lib/api.js';

const LIMIT_MS = 90_000;
/** The dummy source reads nothing. */
const cloneUrl = 'http://127.0.0.1/not-fetched.git';

describe('people of an issuer, within limits', () => {
  const state = temporaryDirectory();
  let key: TestKey;
  let issuer: TestIssuer;
  let system: RunningSystem;
  beforeAll(async () => {
    key = await testKey('first');
    issuer = await startIssuer([key]);
    const env = {
      gateway: { OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, RATE_LIMIT_ANONYMOUS: '20' },
      'build-orchestrator': { QUOTA_QUEUED_BUILDS: '2' },
    };
    system = await startTestSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 1, env });
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    await issuer.stop();
    state.remove();
  }, LIMIT_MS);

  const loginOf = async (sub: string, preferred_username: string): Promise<{ readonly authorization: string }> => ({
    authorization: `Bearer ${await signedBy(key, issuer.url, { claims: { sub, preferred_username } })}`,
  });
  const ask = (path: string, headers: Record<string, string>, body?: object): Promise<Response> =>
    fetch(`${system.urls.api}${path}`, {
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });

  it('are users from their first login on, and never somebody else', async () => {
    const olga = await ask('/v1/auth/profile', await loginOf('7', 'olga'));
    expect([olga.status, await olga.json()]).toMatchObject([200, { username: 'olga', is_admin: false }]);
    expect(await (await ask('/v1/auth/profile', await loginOf('7', 'renamed'))).json()).toMatchObject({
      username: 'olga',
    });
    expect((await ask('/v1/auth/profile', await loginOf('8', 'olga'))).status).toBe(403);
    expect((await ask('/v1/auth/profile', await loginOf('9', 'admin'))).status).toBe(403);
  });

  it(
    'have as many builds waiting as they may',
    async () => {
      const admin = connectApi(system.urls.api, system.adminToken);
      await admin.createRepository('olga/app', { cloneUrl, buildNode: 'cn' }); // no agent of this system is there
      const headers = await loginOf('7', 'olga');
      const request = (): Promise<Response> =>
        ask('/v1/builds', headers, { namespace: 'olga', repo_name: 'app', tag: 'latest' });
      const answers = await Promise.all(Array.from({ length: 5 }, request));
      expect(answers.map(({ status }) => status).sort((left, right) => left - right)).toEqual([
        201, 201, 429, 429, 429,
      ]);
      const refused = answers.find(({ status }) => status === 429);
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      const quota = await (await ask('/v1/namespaces/olga/quota', headers)).json();
      expect(quota).toMatchObject({ queued_builds: { limit: 2, used: 2 }, running_builds: { limit: null, used: 0 } });
    },
    LIMIT_MS,
  );

  it(
    'use as much in a month as an administrator grants, and no more',
    async () => {
      const admin = connectApi(system.urls.api, system.adminToken);
      await admin.createRepository('olga/small', { cloneUrl });
      const headers = await loginOf('7', 'olga');
      const request = (): Promise<Response> =>
        ask('/v1/builds', headers, { namespace: 'olga', repo_name: 'small', tag: 'latest' });
      const grant = async (body: object): Promise<void> => {
        const granted = await admin.call('/v1/namespaces/olga/quota', { method: 'PUT', body: JSON.stringify(body) });
        expect(granted.status).toBe(200);
      };
      const forbidden = await fetch(`${system.urls.api}/v1/namespaces/olga/quota`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(forbidden.status).toBe(403);

      await grant({ queued_builds: 50, log_bytes: 1 });
      const first = await request();
      expect(first.status).toBe(201);
      await admin.ended(BuildView.parse(await first.json()).build_id);
      const refused = await until(
        async () => {
          const answer = await request();
          return answer.status === 429 ? answer : undefined;
        },
        { limitMs: 30_000, what: 'a refusal' },
      );
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ errors: [{ code: 'quota_exceeded', source: 'namespace' }] });
      const quota = await (await ask('/v1/namespaces/olga/quota', headers)).json();
      expect(quota).toMatchObject({
        queued_builds: { limit: 50, is_overridden: true },
        log_bytes: { limit: 1, is_overridden: true },
        build_minutes: { limit: null, is_overridden: false },
      });
      await grant({ queued_builds: 50 });
      expect((await request()).status).toBe(201);
    },
    LIMIT_MS,
  );

  it(
    'work beside users with passwords, who see nothing of each other, and robots of organisations',
    async () => {
      const admin = connectApi(system.urls.api, system.adminToken);
      const send = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
      const made = async (path: string, body: object): Promise<Record<string, string>> => {
        const answer = await admin.call(path, send(body));
        expect(answer).toMatchObject({ status: 201 });
        return answer.body as Record<string, string>;
      };
      const tokenOf = async (username: string): Promise<string> => {
        const credentials = { username, password: `${username} and a long password` };
        await made('/v1/users', credentials);
        const answer = await ask('/v1/generate-api-token', {}, credentials);
        expect(answer.status).toBe(200);
        return ((await answer.json()) as { readonly token: string }).token;
      };
      const [alice, bob] = [await tokenOf('alice'), await tokenOf('bob')].map((token) =>
        connectApi(system.urls.api, token),
      );
      await alice?.createRepository('alice/app', { cloneUrl });
      const build = await alice?.requestBuild('alice/app');
      expect(await alice?.ended(build?.build_id ?? '')).toMatchObject({ status: 'S', created_by: 'alice' });
      for (const path of ['/v1/repositories/alice/app', `/v1/builds/${build?.build_id}`])
        expect((await bob?.call(path))?.status).toBe(404);

      await made('/v1/namespaces', { name: 'team' });
      await admin.createRepository('team/app', { cloneUrl });
      const { token = '' } = await made('/v1/namespaces/team/robots', { name: 'ci', role: 'builder' });
      const robot = connectApi(system.urls.api, token);
      const { build_id } = await robot.requestBuild('team/app');
      expect(await robot.ended(build_id)).toMatchObject({ status: 'S', created_by: 'team+ci' });
      const { body } = await robot.call(`/v1/builds/${build_id}/events`);
      expect((body as { readonly events: readonly object[] }).events[0]).toMatchObject({ actor: 'robot:team+ci' });
      expect((await admin.call('/v1/namespaces/team/robots/ci', { method: 'DELETE' })).status).toBe(204);
      expect((await robot.call('/v1/auth/profile')).status).toBe(401);

      const laptop = (await alice?.call('/v1/tokens', send({ name: 'laptop', scope: 'read' })))?.body;
      const { id, token: read } = laptop as { readonly id: string; readonly token: string };
      const reader = connectApi(system.urls.api, read);
      expect(
        (await reader.call('/v1/builds', send({ namespace: 'alice', repo_name: 'app', tag: 'latest' }))).status,
      ).toBe(403);
      expect((await alice?.call(`/v1/tokens/${id}`, { method: 'DELETE' }))?.status).toBe(204);
      expect((await reader.call('/v1/auth/profile')).status).toBe(401);
      expect((await admin.call('/v1/users/alice', { method: 'DELETE' })).status).toBe(204);
      expect((await alice?.call('/v1/auth/profile'))?.status).toBe(401);
    },
    LIMIT_MS,
  );

  it('are served when callers without a token asked too often', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 30; count++) statuses.push((await ask('/v1/repositories/olga', {})).status);
    expect(statuses).toContain(429);
    expect((await ask('/v1/auth/profile', await loginOf('7', 'olga'))).status).toBe(200);
  });
});
