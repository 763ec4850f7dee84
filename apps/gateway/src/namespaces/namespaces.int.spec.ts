import { randomUUID } from 'node:crypto';
import { MemberView, NamespaceView, streams } from '@slipway/contracts';
import { namespaceCodec } from '@slipway/event-store';
import { until } from '@slipway/testing';
import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { serveNamespaces, tellOrganisation } from '../house/namespaces.fixtures.js';
import { append, at } from '../house/told.fixtures.js';

let house: House;
let olga: Call;
let bob: Call;
let root: Call;

beforeAll(async () => {
  house = await openHouse();
  serveNamespaces(house);
  olga = callerWith(house.url, await house.tokenOf('olga'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  root = callerWith(house.url, await house.tokenOf('root', { isAdmin: true }));
}, 30_000);
afterAll(() => house.stop());

const put = (body: object): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) });
const remove: RequestInit = { method: 'DELETE' };
const errorOf = ({ status, body }: Answer): unknown => {
  const { errors } = body as { readonly errors: readonly { readonly code: string; readonly source: string }[] };
  return [status, errors[0]?.code, errors[0]?.source];
};
const namesOf = ({ body }: Answer): readonly string[] =>
  (body as { readonly results: readonly { readonly name: string }[] }).results.map(({ name }) => name);
const fresh = (): string => `team-${randomUUID().slice(0, 8)}`;
const made = async (): Promise<string> => {
  const name = fresh();
  expect(await olga('/v1/namespaces', post({ name, description: 'We' }))).toMatchObject({ status: 201 });
  return name;
};

describe('an organisation', () => {
  it('is made, shown, described and listed', async () => {
    const name = fresh();
    const { status, body } = await olga('/v1/namespaces', post({ name }));
    const shown = { name, kind: 'organisation', description: '', role: 'admin', created_by: 'olga' };
    expect([status, NamespaceView.parse(body)]).toMatchObject([201, shown]);
    expect((await olga(`/v1/namespaces/${name}`)).body).toEqual(body);
    expect((await olga(`/v1/namespaces/${name}`, put({ description: 'They' }))).body).toMatchObject({
      description: 'They',
    });
    expect(namesOf(await olga('/v1/namespaces'))).toContain(name);
    expect(namesOf(await root('/v1/namespaces'))).toContain(name);
    expect(namesOf(await bob('/v1/namespaces'))).not.toContain(name);
  });

  it('is not made where the name is taken', async () =>
    expect(errorOf(await bob('/v1/namespaces', post({ name: await made() })))).toEqual([
      409,
      'namespace_exists',
      'name',
    ]));

  it('is not there for others', async () => {
    const name = await made();
    const notThere = [404, 'namespace_not_found', 'namespace'];
    expect(errorOf(await bob(`/v1/namespaces/${name}`))).toEqual(notThere);
    expect(errorOf(await bob(`/v1/namespaces/${fresh()}`))).toEqual(notThere);
    expect(errorOf(await bob(`/v1/namespaces/${name}/members`))).toEqual(notThere);
    expect(errorOf(await bob(`/v1/namespaces/${name}`, put({ description: '' })))).toEqual(notThere);
  });
});

describe('a member', () => {
  it('is let in with a role, seen, and changed', async () => {
    const name = await made();
    const { body } = await olga(`/v1/namespaces/${name}/members/bob`, put({ role: 'reader' }));
    expect(MemberView.parse(body)).toEqual({ username: 'bob', role: 'reader', given_by: 'olga', given_at: at });
    expect((await bob(`/v1/namespaces/${name}`)).body).toMatchObject({ role: 'reader' });
    expect(errorOf(await bob(`/v1/namespaces/${name}/members/bob`, put({ role: 'admin' })))).toEqual([
      403,
      'access_denied',
      'namespace',
    ]);
    await olga(`/v1/namespaces/${name}/members/bob`, put({ role: 'admin' }));
    expect((await bob(`/v1/namespaces/${name}/members`)).body).toMatchObject({
      count: 2,
      results: [
        { username: 'bob', role: 'admin' },
        { username: 'olga', role: 'admin' },
      ],
    });
  });

  it('may leave, and is out at once', async () => {
    const name = await made();
    await olga(`/v1/namespaces/${name}/members/bob`, put({ role: 'reader' }));
    expect(errorOf(await bob(`/v1/namespaces/${name}/members/olga`, remove))).toEqual([
      403,
      'access_denied',
      'namespace',
    ]);
    expect((await bob(`/v1/namespaces/${name}/members/bob`, remove)).status).toBe(204);
    expect((await bob(`/v1/namespaces/${name}`)).status).toBe(404);
    expect(errorOf(await olga(`/v1/namespaces/${name}/members/bob`, remove))).toEqual([
      404,
      'member_not_found',
      'username',
    ]);
  });

  it('stays when they are the last administrator', async () => {
    const name = await made();
    const needed = [409, 'last_admin', 'username'];
    expect(errorOf(await olga(`/v1/namespaces/${name}/members/olga`, remove))).toEqual(needed);
    expect(errorOf(await olga(`/v1/namespaces/${name}/members/olga`, put({ role: 'reader' })))).toEqual(needed);
  });

  it('loses access within seconds when another gateway heard of it', async () => {
    const name = fresh();
    await tellOrganisation(house.store, name, { olga: 'admin', bob: 'reader' });
    await house.caughtUp();
    await until(async () => (await bob(`/v1/namespaces/${name}`)).status === 200, { limitMs: 10_000 });
    const data = { namespace: name, username: 'bob', by: 'olga', at };
    await append(house.store, namespaceCodec, streams.namespace(name), [{ type: 'MemberRemoved', data }]);
    await until(async () => (await bob(`/v1/namespaces/${name}`)).status === 404, { limitMs: 10_000 });
  }, 30_000);
});
