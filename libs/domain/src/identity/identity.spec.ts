import type { IdentityLinked } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { identity, type LinkIdentity } from './identity.js';

const given = specify(identity);
const data = (name: string): IdentityLinked['data'] => ({
  issuer: 'https://login.example.com',
  subject: '7',
  name,
  at: '2026-11-23T10:00:00.000Z',
});
const link = (name: string): LinkIdentity => ({ type: 'LinkIdentity', data: data(name) });
const linked = (name: string): IdentityLinked => ({ type: 'IdentityLinked', data: data(name) });

describe('identity', () => {
  it('is linked to a user', () => given().when(link('alice')).then(linked('alice')));

  it('stays with that user when its name changes at the issuer', () =>
    given(linked('alice')).when(link('bob')).thenNothing());
});
