import type { UserEvent } from '@slipway/contracts';
import { givenRowsOf, instant, tokenHash, userEvents } from '../fixtures/index.js';
import { userProjection, userTokenProjection } from './projection.js';

const [registered, issued] = userEvents('alice') as readonly [UserEvent, Extract<UserEvent, { type: 'TokenIssued' }>];
const { tokenId } = issued.data;
const revoked: UserEvent = { type: 'TokenRevoked', data: { name: 'alice', tokenId, at: instant(5) } };

describe('the row of a user', () => {
  const given = givenRowsOf(userProjection);

  it('is made by the registration', () => given().when(registered).then({ name: 'alice', is_admin: false }));

  it('keeps the first registration', () => {
    const again = { ...registered, data: { ...registered.data, isAdmin: true } } as UserEvent;
    given(registered).when(again).then({ is_admin: false });
  });

  it('is not touched by tokens', () => given(registered).when(issued).then({ name: 'alice' }));
});

describe('the row of a token', () => {
  const given = givenRowsOf(userTokenProjection);

  it('names the user', () =>
    given()
      .when(issued)
      .then({ token_id: tokenId, token_hash: tokenHash(0), user_name: 'alice' }));

  it('is gone when the token is revoked', () => given(issued).when(revoked).thenNoRow());
});
