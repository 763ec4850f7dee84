import { randomUUID } from 'node:crypto';
import { CreatedTokenView, GeneratedTokenView, ProfileView, streams, TokenView, UserView } from '@slipway/contracts';
import { userCodec } from '@slipway/event-store';
import { until } from '@slipway/testing';
import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { serveNamespaces, tellOrganisation } from '../house/namespaces.fixtures.js';
import { append, at } from '../house/told.fixtures.js';
import { serveUsers } from '../house/users.fixtures.js';

const PASSWORD = 'correct horse battery';
const OTHER = 'staple staple staple';
const LIMIT = 10;
let house: House;
let root: Call;
let bob: Call;

beforeAll(async () => {
  house = await openHouse({ limits: { logins: LIMIT } });
  serveUsers(house);
  serveNamespaces(house);
  root = callerWith(house.url, await house.tokenOf('root', { isAdmin: true }));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  const noted = { name: 'root', isAdmin: true, isActive: true, by: null, at };
  await append(house.store, userCodec, streams.standings(), [{ type: 'UserStandingChanged', data: noted }]);
  await tellOrganisation(house.store, 'team', { bob: 'builder' });
  await house.caughtUp();
}, 30_000);
afterAll(() => house.stop());

const put = (body: object): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) });
const remove: RequestInit = { method: 'DELETE' };
const withKey = (body: object, key: string): RequestInit => ({ ...post(body), headers: { 'idempotency-key': key } });
const as = (token: string | undefined): Call => callerWith(house.url, token);
const errorOf = ({ status, body }: Answer): unknown => {
  const { errors } = body as { readonly errors: readonly { readonly code: string; readonly source: string | null }[] };
  return [status, errors[0]?.code, errors[0]?.source];
};
const created = async (more: object = {}): Promise<string> => {
  const username = `user-${randomUUID().slice(0, 8)}`;
  const answer = await root('/v1/users', post({ username, password: PASSWORD, ...more }));
  expect(answer).toMatchObject({ status: 201 });
  return username;
};
const signIn = (username: string, password = PASSWORD): Promise<Answer> =>
  as(undefined)('/v1/generate-api-token', post({ username, password }));
const signedIn = async (username: string, password = PASSWORD): Promise<Call> =>
  as(GeneratedTokenView.parse((await signIn(username, password)).body).token);
const tokenOf = async (call: Call, body: object): Promise<CreatedTokenView> =>
  CreatedTokenView.parse((await call('/v1/tokens', post({ name: 'laptop', scope: 'admin', ...body }))).body);
const DENIED = [403, 'access_denied', 'Authorization'];
const INVALID = [401, 'token_invalid', 'Authorization'];

describe('a user', () => {
  it('is created, shown, listed and changed by administrators of the system', async () => {
    const username = `user-${randomUUID().slice(0, 8)}`;
    const { status, body } = await root('/v1/users', post({ username, email: 'a@example.com', password: PASSWORD }));
    const shown = { username, email: 'a@example.com', is_admin: false, is_active: true };
    expect([status, UserView.parse(body)]).toMatchObject([201, shown]);
    expect((await root(`/v1/users/${username}`)).body).toEqual(body);
    expect((await root('/v1/users')).body).toMatchObject({ results: expect.arrayContaining([body]) });
    const changed = await root(`/v1/users/${username}`, put({ email: null, is_admin: true }));
    expect(changed).toMatchObject({ status: 200, body: { ...shown, email: null, is_admin: true } });
    expect(errorOf(await root('/v1/users', post({ username })))).toEqual([409, 'user_exists', 'username']);
    expect(errorOf(await root('/v1/users/nobody'))).toEqual([404, 'user_not_found', 'username']);
    expect(errorOf(await root('/v1/users/No%20Name'))).toEqual([404, 'user_not_found', 'username']);
    expect(errorOf(await root('/v1/users/nobody', put({})))).toEqual([404, 'user_not_found', 'username']);
  });

  it('is nobody else’s business', async () => {
    const requests: readonly (readonly [string, RequestInit])[] = [
      ['/v1/users', {}],
      ['/v1/users', post({ username: 'eve' })],
      ['/v1/users/bob', {}],
      ['/v1/users/bob', put({ is_admin: true })],
      ['/v1/users/bob', remove],
    ];
    const { token } = await tokenOf(root, { scope: 'build' });
    for (const [path, init] of requests)
      for (const caller of [bob, as(token ?? '')]) expect(errorOf(await caller(path, init))).toEqual(DENIED);
  });

  it.each([
    ['password', { password: 'elevenchars' }],
    ['password', { password: 'ü'.repeat(129) }],
    ['email', { email: 'nowhere' }],
    ['username', { username: 'No Name' }],
  ])('is refused for their %s', async (source, bad) =>
    expect(errorOf(await root('/v1/users', post({ username: 'eve', ...bad })))).toEqual([422, 'field_invalid', source]),
  );

  it('is one under one key, and no digest of a password is kept', async () => {
    const [key, username] = [randomUUID(), `user-${randomUUID().slice(0, 8)}`];
    const first = await root('/v1/users', withKey({ username, password: PASSWORD }, key));
    const second = await root('/v1/users', withKey({ username, password: OTHER }, key));
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(errorOf(await root('/v1/users', withKey({ username: 'eve' }, key)))).toEqual([
      409,
      'idempotency_key_reused',
      'Idempotency-Key',
    ]);
  });

  it('is deactivated, with all tokens, at once', async () => {
    const username = await created();
    const caller = await signedIn(username);
    expect((await caller('/v1/auth/profile')).status).toBe(200);
    expect((await root(`/v1/users/${username}`, remove)).status).toBe(204);
    expect(errorOf(await caller('/v1/auth/profile'))).toEqual(INVALID);
    expect((await root(`/v1/users/${username}`)).body).toMatchObject({ is_active: false });
  });

  it('is an administrator no more at once, and the last one stays', async () => {
    const username = await created();
    await root(`/v1/users/${username}`, put({ is_admin: true }));
    const caller = await signedIn(username);
    expect((await caller('/v1/users')).status).toBe(200);
    await root(`/v1/users/${username}`, put({ is_admin: false }));
    expect(errorOf(await caller('/v1/users'))).toEqual(DENIED);
    const others = (await root('/v1/users')).body as { readonly results: readonly UserView[] };
    for (const { username: other, is_admin } of others.results)
      if (is_admin && other !== 'root') await root(`/v1/users/${other}`, put({ is_admin: false }));
    for (const request of [put({ is_admin: false }), put({ is_active: false }), remove])
      expect(errorOf(await root('/v1/users/root', request))).toEqual([409, 'last_administrator', 'username']);
  });
});

describe('the own profile', () => {
  it('shows address and roles, and takes another address', async () => {
    expect(ProfileView.parse((await bob('/v1/auth/profile', put({ email: 'bob@example.com' }))).body)).toEqual({
      username: 'bob',
      email: 'bob@example.com',
      is_admin: false,
      namespaces: [
        { name: 'bob', role: 'admin' },
        { name: 'team', role: 'builder' },
      ],
    });
    expect((await bob('/v1/auth/profile')).body).toMatchObject({ email: 'bob@example.com' });
    expect((await root('/v1/users/bob')).body).toMatchObject({ email: 'bob@example.com' });
  });
});

describe('a password', () => {
  it('gives a token, exactly so', async () => {
    const username = await created();
    const { status, body } = await signIn(username);
    expect([status, body]).toEqual([200, { username, token: expect.stringMatching(/^slp_[A-Za-z0-9_-]{43}$/) }]);
    const { token } = GeneratedTokenView.parse(body);
    expect((await as(token)('/v1/auth/profile')).body).toMatchObject({ username });
    expect(JSON.stringify(await house.store.read(`user-${username}`))).not.toContain(token);
  });

  it('that is wrong is answered as one of nobody is', async () => {
    const username = await created();
    const answers = await Promise.all([signIn(username, OTHER), signIn('nobody'), signIn('No Name')]);
    for (const answer of answers) {
      expect(errorOf(answer)).toEqual([401, 'credentials_invalid', null]);
      expect(answer.body).toEqual(answers[0]?.body);
    }
  });

  it('is not guessed: tries are counted by user, right or wrong, from wherever', async () => {
    const username = await created();
    for (let count = 0; count < LIMIT; count++) expect((await signIn(username, OTHER)).status).toBe(401);
    const refused = await signIn(username);
    expect(errorOf(refused)).toEqual([429, 'rate_limited', null]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn(await created())).status).toBe(200);
  });

  it('is changed with the old one, and its tokens go with it', async () => {
    const username = await created();
    const caller = await signedIn(username);
    const { token } = await tokenOf(caller, {});
    const change = (old_password: string | null) =>
      caller('/v1/auth/password', put({ old_password, new_password: OTHER }));
    expect(errorOf(await change(OTHER))).toEqual([422, 'password_wrong', 'old_password']);
    expect(errorOf(await change(null))).toEqual([422, 'password_wrong', 'old_password']);
    expect((await change(PASSWORD)).status).toBe(204);
    expect(errorOf(await caller('/v1/auth/profile'))).toEqual(INVALID);
    expect((await as(token ?? '')('/v1/auth/profile')).status).toBe(200);
    await signedIn(username, OTHER);
  });
});

describe('a token', () => {
  it('is shown once, listed without itself, and revoked at once', async () => {
    const { token, ...shown } = await tokenOf(bob, { scope: 'build' });
    expect([token, shown]).toEqual([
      expect.stringMatching(/^slp_/),
      expect.objectContaining({ name: 'laptop', scope: 'build', namespace: null, is_login: false, expires_at: null }),
    ]);
    const { body } = await bob('/v1/tokens');
    expect(body).toMatchObject({ results: expect.arrayContaining([TokenView.parse(shown)]) });
    expect(JSON.stringify(body)).not.toContain(token);
    const caller = as(token ?? '');
    expect((await caller('/v1/auth/profile')).status).toBe(200);
    expect((await bob(`/v1/tokens/${shown.id}`, remove)).status).toBe(204);
    expect(errorOf(await caller('/v1/auth/profile'))).toEqual(INVALID);
    expect(errorOf(await root(`/v1/tokens/${shown.id}`, remove))).toEqual([404, 'token_not_found', 'id']);
    expect(errorOf(await bob('/v1/tokens/nothing', remove))).toEqual([404, 'token_not_found', 'id']);
  });

  it('is one under one key, and is not in the answer that is kept', async () => {
    const request = withKey({ name: 'laptop', scope: 'read' }, randomUUID());
    const first = CreatedTokenView.parse((await bob('/v1/tokens', request)).body);
    const second = await bob('/v1/tokens', request);
    expect([second.status, second.body]).toEqual([201, { ...first, token: null }]);
    expect((await as(first.token ?? '')('/v1/auth/profile')).status).toBe(200);
  });

  it('expires without an event', async () => {
    const { token, id } = await tokenOf(bob, { expires_in: 1 });
    await until(async () => (await as(token ?? '')('/v1/auth/profile')).status === 401);
    expect((await bob('/v1/tokens')).body).toMatchObject({
      results: expect.arrayContaining([expect.objectContaining({ id, expires_at: expect.any(String) })]),
    });
  });

  it('does what its scope says, and nothing of what is the user’s own', async () => {
    const [read, bound] = await Promise.all([tokenOf(bob, { scope: 'read' }), tokenOf(bob, { namespace: 'team' })]);
    for (const { token } of [read, bound]) {
      const caller = as(token ?? '');
      for (const [path, init] of [
        ['/v1/tokens', {}],
        ['/v1/tokens', post({ name: 'more', scope: 'admin' })],
        [`/v1/tokens/${read.id}`, remove],
        ['/v1/auth/profile', put({ email: null })],
        ['/v1/auth/password', put({ old_password: null, new_password: OTHER })],
        ['/v1/namespaces', post({ name: 'other' })],
      ] as const)
        expect(errorOf(await caller(path, init))).toEqual(DENIED);
    }
    const reader = as(read.token ?? '');
    expect(errorOf(await reader('/v1/namespaces/bob', put({ description: 'x' })))).toEqual([
      403,
      'access_denied',
      'namespace',
    ]);
    expect((await reader('/v1/namespaces/team')).body).toMatchObject({ role: 'reader' });
    const inTeam = as(bound.token ?? '');
    expect((await inTeam('/v1/namespaces/team')).body).toMatchObject({ role: 'builder' });
    expect((await inTeam('/v1/namespaces/bob')).status).toBe(404);
  });

  it('is not bound to where the user is nobody', async () =>
    expect(errorOf(await bob('/v1/tokens', post({ name: 'x', scope: 'read', namespace: 'root' })))).toEqual([
      404,
      'namespace_not_found',
      'namespace',
    ]));
});
