import {
  mayActForUser,
  mayAdminister,
  mayBuild,
  mayLeave,
  mayRead,
  maySeeInside,
  roleIn,
  type Caller,
} from './policy.js';

const alice: Caller = { name: 'alice', isAdmin: false, roles: { team: 'builder', shop: 'reader', club: 'admin' } };
const root: Caller = { name: 'root', isAdmin: true, roles: {} };

describe('a role', () => {
  it('is admin in the own namespace, and for administrators of the system everywhere', () => {
    expect(roleIn(alice, 'alice')).toBe('admin');
    expect(roleIn(root, 'alice')).toBe('admin');
  });

  it('is what somebody is a member as elsewhere', () => {
    expect(['team', 'shop', 'club'].map((namespace) => roleIn(alice, namespace))).toEqual([
      'builder',
      'reader',
      'admin',
    ]);
    expect(roleIn(alice, 'bob')).toBeUndefined();
    expect(roleIn(undefined, 'alice')).toBeUndefined();
  });

  it('is none in a namespace that is called like something every object has', () =>
    expect(['constructor', 'valueof', 'tostring'].map((namespace) => roleIn(alice, namespace))).toEqual([
      undefined,
      undefined,
      undefined,
    ]));

  it.each([
    ['read', 'reader', 'reader', 'reader'],
    ['build', 'builder', 'builder', 'reader'],
    ['admin', 'admin', 'builder', 'reader'],
  ] as const)('goes no further than the scope %s', (scope, own, team, shop) => {
    const caller: Caller = { ...alice, scope };
    expect(['alice', 'team', 'shop'].map((namespace) => roleIn(caller, namespace))).toEqual([own, team, shop]);
  });

  it('is none outside the namespace that the token is bound to', () => {
    const bound: Caller = { ...alice, onlyNamespace: 'team' };
    expect(roleIn(bound, 'team')).toBe('builder');
    expect(roleIn(bound, 'alice')).toBeUndefined();
    expect(roleIn({ ...root, onlyNamespace: 'team' }, 'alice')).toBeUndefined();
  });
});

describe('policy', () => {
  it.each([
    ['see inside', maySeeInside, ['shop', 'team', 'club']],
    ['build', mayBuild, ['team', 'club']],
    ['administer', mayAdminister, ['club']],
  ])('lets those %s whose role is enough', (_, may, allowed) => {
    expect(['shop', 'team', 'club', 'bob'].filter((namespace) => may(alice, namespace))).toEqual(allowed);
    expect(may(alice, 'alice')).toBe(true);
    expect(may(root, 'bob')).toBe(true);
    expect(may(undefined, 'bob')).toBe(false);
  });

  it('shows what is public to everybody, by whatever token', () => {
    const open = { namespace: 'bob', isPublic: true };
    expect(mayRead(undefined, open)).toBe(true);
    expect(mayRead(alice, open)).toBe(true);
    expect(mayRead({ ...alice, scope: 'read', onlyNamespace: 'team' }, open)).toBe(true);
  });

  it('shows what is private to readers', () => {
    const secret = { namespace: 'shop', isPublic: false };
    expect(mayRead(undefined, secret)).toBe(false);
    expect(mayRead({ name: 'bob', isAdmin: false, roles: {} }, secret)).toBe(false);
    expect(mayRead(alice, secret)).toBe(true);
    expect(mayRead(root, secret)).toBe(true);
  });

  it('lets every member leave, but not by a token that is good for less', () => {
    expect(mayLeave(alice, 'shop')).toBe(true);
    expect(mayLeave({ ...alice, onlyNamespace: 'shop' }, 'shop')).toBe(true);
    expect(mayLeave({ ...alice, scope: 'build' }, 'shop')).toBe(false);
    expect(mayLeave(alice, 'bob')).toBe(false);
  });

  it("leaves what is the user's own to a token that is good for everything", () => {
    expect(mayActForUser(alice)).toBe(true);
    expect(mayActForUser({ ...alice, scope: 'admin' })).toBe(true);
    expect(mayActForUser({ ...alice, scope: 'build' })).toBe(false);
    expect(mayActForUser({ ...alice, onlyNamespace: 'alice' })).toBe(false);
  });
});
