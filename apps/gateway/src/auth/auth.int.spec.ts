import { randomUUID } from 'node:crypto';
import { systemClock } from '@slipway/kernel';
import { until } from '@slipway/testing';
import { callerWith } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

let house: House;
let token: string;

beforeAll(async () => {
  house = await openHouse();
  token = await house.tokenOf('admin', { isAdmin: true });
}, 30_000);
afterAll(() => house.stop());

const profile = (authorization: string | undefined) =>
  callerWith(house.url, undefined)(
    '/v1/auth/profile',
    authorization === undefined ? {} : { headers: { authorization } },
  );

describe('authentication', () => {
  it('tells the caller who they are', async () => {
    expect(await profile(`Token ${token}`)).toMatchObject({
      status: 200,
      body: { username: 'admin', email: null, is_admin: true, namespaces: [{ name: 'admin', role: 'admin' }] },
    });
    expect(await callerWith(house.url, await house.tokenOf('alice'))('/v1/auth/profile')).toMatchObject({
      body: { username: 'alice', is_admin: false },
    });
  });

  it('does not mind the case of the scheme', async () =>
    expect(await profile(`token ${token}`)).toMatchObject({ status: 200 }));

  it('asks for a token', async () => {
    const { status, headers, body } = await profile(undefined);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Token');
    expect(body).toEqual({
      errors: [{ code: 'token_required', message: expect.any(String), source: 'Authorization' }],
    });
  });

  it.each([
    'Token',
    'Token ',
    'Token slp_unknown',
    'Token a b',
    'Basic YTpi',
    'Bearer x.y.z',
    "Token ' or 1=1 --",
    `Token ${'x'.repeat(5_000)}`,
  ])('refuses %.30s', async (authorization) =>
    expect(await profile(authorization)).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'token_invalid', source: 'Authorization' }] },
    }),
  );

  it('knows a token as soon as the view has it', async () => {
    const late = `slp_${randomUUID()}`;
    expect(await profile(`Token ${late}`)).toMatchObject({ status: 401 });
    const fresh = await house.tokenOf('late');
    expect(await profile(`Token ${fresh}`)).toMatchObject({ status: 200 });
  });

  it('forgets a revoked token within seconds', async () => {
    const name = 'leaver';
    const tokenOfLeaver = await house.tokenOf(name);
    expect(await profile(`Token ${tokenOfLeaver}`)).toMatchObject({ status: 200 });
    const [, issued] = await house.store.read(`user-${name}`);
    const { tokenId } = (issued?.data ?? {}) as { tokenId: string };
    await house.tell.user(name, [{ type: 'TokenRevoked', data: { name, tokenId, at: systemClock.now() } }]);
    await until(async () => (await profile(`Token ${tokenOfLeaver}`)).status === 401, { limitMs: 10_000 });
  }, 15_000);
});
