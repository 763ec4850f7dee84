import { Secret } from '@slipway/platform';
import { authConfig, loginFor, registryHost } from './registry-host.js';

const login = { username: 'u', password: new Secret('p') };

describe('the host of an image name', () => {
  it.each([
    ['ubuntu', 'docker.io'],
    ['library/ubuntu', 'docker.io'],
    ['docker.io/library/ubuntu', 'docker.io'],
    ['index.docker.io/a/b', 'docker.io'],
    ['localhost/a', 'localhost'],
    ['127.0.0.1:5000/a/b', '127.0.0.1:5000'],
    ['Registry.Example/a', 'registry.example'],
  ])('%s is on %s', (name, host) => expect(registryHost(name)).toBe(host));
});

describe('credentials', () => {
  const credentials = new Map([['registry.example:5000', login]]);

  it.each([
    'registry.example',
    'registry.example:5001',
    'evil.registry.example:5000',
    'registry.example:5000.evil',
    '',
  ])('are not for %j', (host) => expect(loginFor(credentials, host)).toBeUndefined());

  it('are for their own host, in any case', () => {
    expect(loginFor(credentials, 'Registry.example:5000')).toBe(login);
    expect(authConfig(credentials, 'registry.example:5000')).toEqual({
      username: 'u',
      password: 'p',
      serveraddress: 'registry.example:5000',
    });
    expect(authConfig(credentials, 'docker.io')).toBeUndefined();
  });
});
