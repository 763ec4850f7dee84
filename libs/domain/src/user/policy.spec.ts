import { mayRead, mayWrite } from './policy.js';

const admin = { name: 'admin', isAdmin: true };
const alice = { name: 'alice', isAdmin: false };

describe('policy', () => {
  it('lets administrators write everywhere', () => expect(mayWrite(admin, 'alice')).toBe(true));

  it('lets a user write in the own namespace alone', () => {
    expect(mayWrite(alice, 'alice')).toBe(true);
    expect(mayWrite(alice, 'bob')).toBe(false);
  });

  it('lets nobody write who has not said who they are', () => expect(mayWrite(undefined, 'alice')).toBe(false));

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
