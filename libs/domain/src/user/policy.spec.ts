import { mayAdminister, mayBuild, mayRead, maySeeInside } from './policy.js';

const admin = { name: 'admin', isAdmin: true };
const alice = { name: 'alice', isAdmin: false };

describe('policy', () => {
  it.each([
    ['administer', mayAdminister],
    ['build', mayBuild],
    ['see inside', maySeeInside],
  ])('lets administrators %s everywhere, and a user in the own namespace alone', (_, may) => {
    expect(may(admin, 'alice')).toBe(true);
    expect(may(alice, 'alice')).toBe(true);
    expect(may(alice, 'bob')).toBe(false);
    expect(may(undefined, 'alice')).toBe(false);
  });

  it('shows what is public to everybody', () => {
    expect(mayRead(undefined, { namespace: 'bob', isPublic: true })).toBe(true);
    expect(mayRead(alice, { namespace: 'bob', isPublic: true })).toBe(true);
  });

  it('shows what is private to those who may write it', () => {
    const secret = { namespace: 'bob', isPublic: false };
    expect(mayRead(undefined, secret)).toBe(false);
    expect(mayRead(alice, secret)).toBe(false);
    expect(mayRead(admin, secret)).toBe(true);
    expect(mayRead({ name: 'bob', isAdmin: false }, secret)).toBe(true);
  });
});
