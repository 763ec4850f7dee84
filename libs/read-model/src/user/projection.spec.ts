import type { UserEvent } from '@slipway/contracts';
import { givenRowsOf, instant, tokenHash, userEvents } from '../fixtures/index.js';
import { userProjection, userTokenProjection } from './projection.js';

const [registered, issued] = userEvents('alice') as readonly [UserEvent, Extract<UserEvent, { type: 'TokenIssued' }>];
const { tokenId } = issued.data;
const revoked: UserEvent = { type: 'TokenRevoked', data: { name: 'alice', tokenId, at: instant(5) } };
const said = { name: 'alice', by: 'root', at: instant(5) };
const password = { algorithm: 'scrypt' as const, n: 32_768, r: 8, p: 1, salt: 'c2FsdA==', hash: 'aGFzaA==' };

describe('the row of a user', () => {
  const given = givenRowsOf(userProjection);

  it('is made by the registration', () =>
    given().when(registered).then({ name: 'alice', email: null, is_admin: false, is_active: true }));

  it('keeps the first registration', () => {
    const again = { ...registered, data: { ...registered.data, isAdmin: true } } as UserEvent;
    given(registered).when(again).then({ is_admin: false });
  });

  it('holds the address that was said last', () => {
    given(registered)
      .when({ type: 'EmailChanged', data: { ...said, email: 'a@example.com' } })
      .then({ email: 'a@example.com', created_at: instant(), updated_at: instant(5) });
  });

  it('holds the standing that was said last', () =>
    given(registered)
      .when({ type: 'UserStandingChanged', data: { ...said, isAdmin: true, isActive: false } })
      .then({ is_admin: true, is_active: false, updated_at: instant(5) }));

  it('is not touched by tokens, and holds nothing of a password', () => {
    given(registered).when(issued).then({ name: 'alice', updated_at: instant() });
    const row = userProjection.evolve(userProjection.evolve(undefined, { event: registered, position: 1 }), {
      event: { type: 'PasswordSet', data: { ...said, password } },
      position: 2,
    });
    expect(JSON.stringify(row)).not.toContain(password.hash);
  });
});

describe('the row of a token', () => {
  const given = givenRowsOf(userTokenProjection);
  const limited = { title: 'laptop', scope: 'read' as const, namespace: 'team', expiresAt: instant(9), isLogin: false };

  it('names the user', () =>
    given()
      .when(issued)
      .then({ token_id: tokenId, token_hash: tokenHash(0), user_name: 'alice', scope: 'admin', expires_at: null }));

  it('says what it is good for', () =>
    given()
      .when({ type: 'TokenIssued', data: { ...issued.data, ...limited } })
      .then({ title: 'laptop', scope: 'read', namespace: 'team', expires_at: instant(9), is_login: false }));

  it('is gone when the token is revoked', () => given(issued).when(revoked).thenNoRow());
});
