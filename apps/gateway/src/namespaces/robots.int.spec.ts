import { randomUUID } from 'node:crypto';
import { CreatedRobotView, RobotView } from '@slipway/contracts';
import { repositoryEvents } from '@slipway/read-model/fixtures';
import { until } from '@slipway/testing';
import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { tellOrganisation } from '../house/namespaces.fixtures.js';
import { printedSpec } from '../house/told.fixtures.js';
import { serveUsers } from '../house/users.fixtures.js';

const PATH = '/v1/namespaces/team/robots';
let house: House;
let olga: Call;
let bob: Call;
let root: Call;

beforeAll(async () => {
  house = await openHouse();
  serveUsers(house);
  serveCommands(house, ({ namespace, repo_name: repoName }) => printedSpec({ namespace, repoName }));
  olga = callerWith(house.url, await house.tokenOf('olga'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  root = callerWith(house.url, await house.tokenOf('root', { isAdmin: true }));
  await tellOrganisation(house.store, 'team', { olga: 'admin', bob: 'builder' });
  await tellOrganisation(house.store, 'shop', { olga: 'admin' });
  await house.tell.repository('team.app', repositoryEvents('team', 'app'));
  await house.caughtUp();
}, 30_000);
afterAll(() => house.stop());

const remove: RequestInit = { method: 'DELETE' };
const errorOf = ({ status, body }: Answer): unknown => {
  const { errors } = body as { readonly errors: readonly { readonly code: string; readonly source: string | null }[] };
  return [status, errors[0]?.code, errors[0]?.source];
};
const made = async (role: string, call: Call = olga, path = PATH): Promise<CreatedRobotView> =>
  CreatedRobotView.parse((await call(path, post({ name: `r${randomUUID().slice(0, 8)}`, role }))).body);
const as = ({ token }: CreatedRobotView): Call => callerWith(house.url, token ?? '');
const build = (namespace: string): RequestInit => post({ namespace, repo_name: 'app', tag: 'latest' });

describe('a robot', () => {
  it('is created with a token that is shown once, and listed', async () => {
    const { token, ...shown } = await made('builder');
    expect([token, shown]).toEqual([
      expect.stringMatching(/^slr_[A-Za-z0-9_-]{43}$/),
      expect.objectContaining({ actor: `team+${shown.name}`, role: 'builder', created_by: 'olga', expires_at: null }),
    ]);
    const { body } = await olga(PATH);
    expect(body).toMatchObject({ results: expect.arrayContaining([RobotView.parse(shown)]) });
    expect(JSON.stringify(body)).not.toContain(token);
    expect(errorOf(await olga(PATH, post({ name: shown.name, role: 'reader' })))).toEqual([
      409,
      'robot_exists',
      'name',
    ]);
  });

  it('is one under one key, and its token is not in the answer that is kept', async () => {
    const request = { ...post({ name: 'keyed', role: 'reader' }), headers: { 'idempotency-key': randomUUID() } };
    const first = CreatedRobotView.parse((await olga(PATH, request)).body);
    const second = await olga(PATH, request);
    expect([second.status, second.body]).toEqual([201, { ...first, token: null }]);
    expect((await as(first)('/v1/auth/profile')).status).toBe(200);
  });

  it('builds in its namespace under its own name, and is nobody elsewhere', async () => {
    const robot = await made('builder');
    const call = as(robot);
    expect(await call('/v1/builds', build('team'))).toMatchObject({ status: 201, body: { created_by: robot.actor } });
    for (const namespace of ['shop', 'olga']) expect((await call('/v1/builds', build(namespace))).status).toBe(404);
    expect((await call('/v1/namespaces/shop')).status).toBe(404);
    expect((await call('/v1/auth/profile')).body).toEqual({
      username: robot.actor,
      email: null,
      is_admin: false,
      namespaces: [{ name: 'team', role: 'builder' }],
    });
    expect(errorOf(await call(PATH))).toEqual([403, 'access_denied', 'namespace']);
    for (const [path, init] of [
      ['/v1/tokens', {}],
      ['/v1/auth/profile', { method: 'PUT', body: '{"email":null}' }],
    ] as const)
      expect(errorOf(await call(path, init))).toEqual([403, 'access_denied', 'Authorization']);
  });

  it('reads and no more when it is a reader', async () => {
    const call = as(await made('reader'));
    expect((await call('/v1/namespaces/team')).body).toMatchObject({ role: 'reader' });
    expect(errorOf(await call('/v1/builds', build('team')))).toEqual([403, 'access_denied', 'namespace']);
  });

  it('is gone at once when it is removed', async () => {
    const robot = await made('admin');
    expect((await as(robot)(PATH)).status).toBe(200);
    expect((await olga(`${PATH}/${robot.name}`, remove)).status).toBe(204);
    expect(errorOf(await as(robot)(PATH))).toEqual([401, 'token_invalid', 'Authorization']);
    expect(errorOf(await olga(`${PATH}/${robot.name}`, remove))).toEqual([404, 'robot_not_found', 'name']);
  });

  it('of a user’s namespace is good as long as the user is active', async () => {
    const robot = await made('builder', bob, '/v1/namespaces/bob/robots');
    expect((await as(robot)('/v1/auth/profile')).status).toBe(200);
    await root('/v1/users/bob', remove);
    await until(async () => (await as(robot)('/v1/auth/profile')).status === 401);
  });
});
