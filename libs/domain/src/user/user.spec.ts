import { specify } from '@slipway/testing';
import { user } from './user.js';
import {
  changeEmail,
  create,
  created,
  emailChanged,
  issueToken,
  issued,
  logIn,
  passwordHash,
  passwordSet,
  register,
  registered,
  registeredByLogin,
  revokeToken,
  revokeTokens,
  revoked,
  setPassword,
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

  it('revokes all of them at once', () => {
    given(registered(), issued(1), issued(2), revoked(1), issued(3)).when(revokeTokens).then(revoked(2), revoked(3));
    given(registered(), issued(1), revoked(1)).when(revokeTokens).thenNothing();
  });

  it('has a hundred tokens that are good', () => {
    const many = Array.from({ length: 100 }, (_, index) => issued(index));
    given(registered(), ...many)
      .when(issueToken(100))
      .thenRejects('TOKEN_LIMIT_REACHED');
    given(registered(), ...many, revoked(7))
      .when(issueToken(100))
      .then(issued(100));
    given(registered(), ...many.slice(1), issued(0, { expiresAt: '2026-11-22T10:00:00.000Z' }))
      .when(issueToken(100))
      .then(issued(100));
    given(registered(), ...many)
      .when(issueToken(100, { isLogin: true }))
      .then(issued(100, { isLogin: true }));
  });
});

describe('a user whom somebody creates', () => {
  it('is registered, with a password or without', () => {
    given().when(create()).then(created());
    given().when(create(passwordHash())).then(created(), passwordSet());
  });

  it('is not there before', () => given(created()).when(create()).thenRejects('USER_EXISTS'));

  it('has the address that was said last', () => {
    given(created()).when(changeEmail('a@example.com')).then(emailChanged('a@example.com'));
    given(created()).when(changeEmail('alice@example.com')).thenNothing();
    given(created(), emailChanged('a@example.com')).when(changeEmail(null)).then(emailChanged(null));
    given(registered()).when(changeEmail(null)).thenNothing();
    given().when(changeEmail(null)).thenRejects('USER_NOT_FOUND');
  });
});

describe('a password', () => {
  const login = { isLogin: true };

  it('is set, and set anew', () => {
    given(registered()).when(setPassword()).then(passwordSet());
    given(registered(), passwordSet()).when(setPassword('b3RoZXI=')).then(passwordSet('b3RoZXI='));
    given().when(setPassword()).thenRejects('USER_NOT_FOUND');
  });

  it('takes the tokens with it that were given for the one before, and no other', () =>
    given(registered(), issued(1), issued(2, login), issued(3, login), revoked(2))
      .when(setPassword())
      .then(passwordSet(), revoked(3)));

  it('is set by who knows the one before, and none other', () => {
    const { hash } = passwordHash();
    given(registered(), passwordSet())
      .when(setPassword('b3RoZXI=', { former: hash }))
      .then(passwordSet('b3RoZXI='));
    given(registered())
      .when(setPassword('b3RoZXI=', { former: null }))
      .then(passwordSet('b3RoZXI='));
    for (const former of ['b3RoZXI=', null])
      given(registered(), passwordSet()).when(setPassword(undefined, { former })).thenRejects('PASSWORD_WRONG');
    given(registered())
      .when(setPassword(undefined, { former: hash }))
      .thenRejects('PASSWORD_WRONG');
  });

  it('gives no token once it is another one', () => {
    const forPassword = passwordHash().hash;
    given(registered(), passwordSet())
      .when(issueToken(1, { ...login, forPassword }))
      .then(issued(1, login));
    given(registered(), passwordSet())
      .when(issueToken(1, { ...login, forPassword: 'b3RoZXI=' }))
      .thenRejects('CREDENTIALS_INVALID');
    given(registered())
      .when(issueToken(1, { ...login, forPassword }))
      .thenRejects('CREDENTIALS_INVALID');
  });

  it('is not for whoever logs in at an issuer', () =>
    given(registeredByLogin('7')).when(setPassword()).thenRejects('PASSWORD_REFUSED'));

  it('is good for twenty logins: one more takes the oldest', () => {
    const many = Array.from({ length: 20 }, (_, index) => issued(index + 1, login));
    given(registered(), issued(90), ...many)
      .when(issueToken(21, login))
      .then(issued(21, login), revoked(1));
    given(registered(), ...many, revoked(1), revoked(3))
      .when(issueToken(21, login))
      .then(issued(21, login));
  });
});
