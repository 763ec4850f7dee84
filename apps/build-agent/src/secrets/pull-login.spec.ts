import { Secret } from '@slipway/platform';
import { pullLogin } from './pull-login.js';

const login = { username: 'slipway', password: new Secret('the password of the registry') };

describe('the login of a build to the registry of the system', () => {
  it('names the namespace and a time, and is proven by the login that it is made of', () => {
    const { username, password } = pullLogin(login, 'alice', 1_790_000_000_123);
    expect(username).toBe('pull.alice.1790000001');
    // printf pull.alice.1790000001 | openssl dgst -sha256 -hmac 'the password of the registry' -binary | basenc --base64url
    expect(password.reveal()).toBe('AtWnvnTaIDiHVBrWK5cq7a7M2my7vrgczvsKGfksokM');
  });

  it('differs by namespace and by time, and tells nothing of what it is made of', () => {
    const logins = [pullLogin(login, 'alice', 1e12), pullLogin(login, 'bob', 1e12), pullLogin(login, 'alice', 2e12)];
    expect(new Set(logins.map(({ password }) => password.reveal())).size).toBe(3);
    expect(logins.filter(({ password }) => password.reveal().includes('password'))).toEqual([]);
  });
});
