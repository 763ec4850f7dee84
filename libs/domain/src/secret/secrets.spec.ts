import { specify } from '@slipway/testing';
import { secrets, secretsSeenBy } from './secrets.js';
import {
  credentialRemoved,
  credentialSet,
  removeCredential,
  removeSecret,
  resealSecret,
  sealed,
  secretRemoved,
  secretResealed,
  secretSet,
  setCredential,
  setSecret,
} from './secrets.fixtures.js';

const given = specify(secrets);
const many = Array.from({ length: 64 }, (_, index) => secretSet(`s${index}`));
const hosts = Array.from({ length: 16 }, (_, index) => credentialSet(`r${index}.example`));

describe('the secrets of a namespace', () => {
  it('are set, set anew, and removed', () => {
    given().when(setSecret('token')).then(secretSet('token'));
    given(secretSet('token')).when(setSecret('token')).then(secretSet('token'));
    given(secretSet('token')).when(removeSecret('token')).then(secretRemoved('token'));
  });

  it('are others than those of its repositories', () => {
    given(secretSet('token')).when(removeSecret('token', 3)).thenRejects('SECRET_NOT_FOUND');
    given(secretSet('token', 3)).when(removeSecret('token')).thenRejects('SECRET_NOT_FOUND');
    given(secretSet('token', 3)).when(removeSecret('token', 4)).thenRejects('SECRET_NOT_FOUND');
  });

  it('are seen by every build of the namespace, but where the repository has one of the name', () => {
    const state = [
      secretSet('shared'),
      secretSet('token', null, sealed('bmFtZXNwYWNl')),
      secretSet('token', 3, sealed('cmVwb3NpdG9yeQ==')),
      secretSet('other', 4),
    ].reduce(secrets.evolve, secrets.initial);
    const seenBy = (configId: number) => secretsSeenBy(state, configId).map(({ name, value }) => [name, value.tag]);
    expect(seenBy(3)).toEqual([
      ['shared', 'dGFn'],
      ['token', 'cmVwb3NpdG9yeQ=='],
    ]);
    expect(seenBy(5)).toEqual([
      ['shared', 'dGFn'],
      ['token', 'bmFtZXNwYWNl'],
    ]);
  });

  it('are 64 of one owner at most, and one that is there may be set anew', () => {
    given(...many)
      .when(setSecret('more'))
      .thenRejects('SECRET_LIMIT_REACHED');
    given(...many)
      .when(setSecret('s7'))
      .then(secretSet('s7'));
    given(...many)
      .when(setSecret('more', 3))
      .then(secretSet('more', 3));
    given(...many, secretRemoved('s7'))
      .when(setSecret('more'))
      .then(secretSet('more'));
  });

  it('hold no more than fits into one message', () => {
    const large = sealed('dGFn', 131_072);
    given(secretSet('a', null, large))
      .when(setSecret('b', null, large))
      .then(secretSet('b', null, large));
    given(secretSet('a', null, large), secretSet('b', null, large))
      .when(setSecret('c'))
      .thenRejects('SECRET_LIMIT_REACHED');
    given(secretSet('a', null, large), secretSet('b', null, large))
      .when(setSecret('b'))
      .then(secretSet('b'));
  });

  it('are sealed anew, unless somebody set them meanwhile', () => {
    const anew = sealed('bmV3');
    given(secretSet('token'))
      .when(resealSecret('token', 'dGFn', anew))
      .then(secretResealed('token', anew));
    given(secretSet('token'))
      .when(resealSecret('token', 'b2xk', anew))
      .thenNothing();
    given(secretSet('token'), secretRemoved('token'))
      .when(resealSecret('token', 'dGFn', anew))
      .thenNothing();
  });
});

describe('the registry credentials of a namespace', () => {
  it('are set and removed, one a host', () => {
    given().when(setCredential('r.example')).then(credentialSet('r.example'));
    given(credentialSet('r.example')).when(removeCredential('r.example')).then(credentialRemoved('r.example'));
    given(credentialSet('r.example'))
      .when(removeCredential('r.example:5000'))
      .thenRejects('REGISTRY_CREDENTIAL_NOT_FOUND');
  });

  it('are sixteen at most', () => {
    given(...hosts)
      .when(setCredential('more.example'))
      .thenRejects('REGISTRY_CREDENTIAL_LIMIT_REACHED');
    given(...hosts)
      .when(setCredential('r3.example'))
      .then(credentialSet('r3.example'));
  });
});
