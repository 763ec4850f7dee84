import { specify } from '@slipway/testing';
import { user } from './user.js';
import {
  issueToken,
  issued,
  logIn,
  register,
  registered,
  registeredByLogin,
  revokeToken,
  revoked,
} from './user.fixtures.js';

const given = specify(user);

describe('user', () => {
  it('is registered', () => given().when(register()).then(registered()));

  it('stays quiet when registered again', () => given(registered()).when(register()).thenNothing());

  it('refuses another user of the same name', () =>
    given(registered())
      .when(register({ isAdmin: false }))
      .thenRejects('USER_EXISTS'));

  it('is registered by the first login of an identity', () => given().when(logIn('7')).then(registeredByLogin('7')));

  it('stays quiet when the same identity logs in again', () =>
    given(registeredByLogin('7')).when(logIn('7')).thenNothing());

  it('is nobody else who has the same name at an issuer', () => {
    given(registeredByLogin('7')).when(logIn('8')).thenRejects('IDENTITY_REFUSED');
    given(registeredByLogin('7')).when(logIn('7', 'https://other.example.com')).thenRejects('IDENTITY_REFUSED');
  });

  it('is not taken over by a login when it was made here', () =>
    given(registered()).when(logIn('7')).thenRejects('IDENTITY_REFUSED'));

  it('is issued a token, and another one', () => {
    given(registered()).when(issueToken(1)).then(issued(1));
    given(registered(), issued(1)).when(issueToken(2)).then(issued(2));
  });

  it('stays quiet when the same token is issued again', () =>
    given(registered(), issued(1)).when(issueToken(1)).thenNothing());

  it('does not give a revoked token back when it is issued again', () =>
    given(registered(), issued(1), revoked(1)).when(issueToken(1)).thenNothing());

  it('refuses a token for nobody', () => given().when(issueToken(1)).thenRejects('USER_NOT_FOUND'));

  it('revokes one token', () => given(registered(), issued(1), issued(2)).when(revokeToken(1)).then(revoked(1)));

  it('stays quiet when the token is revoked already', () =>
    given(registered(), issued(1), revoked(1)).when(revokeToken(1)).thenNothing());

  it('still revokes the other token', () =>
    given(registered(), issued(1), issued(2), revoked(1)).when(revokeToken(2)).then(revoked(2)));

  it('refuses to revoke what was never issued', () => {
    given(registered()).when(revokeToken(1)).thenRejects('TOKEN_NOT_FOUND');
    given().when(revokeToken(1)).thenRejects('USER_NOT_FOUND');
  });
});
