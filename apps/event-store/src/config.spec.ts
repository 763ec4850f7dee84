import { readServerConfig } from './config.js';

const FILE = { EVENT_STORE_FILE: '/var/lib/slipway/events.db' };
const SECURE = {
  EVENT_STORE_TLS_CERT: '/etc/slipway/node.crt',
  EVENT_STORE_TLS_KEY: '/etc/slipway/node.key',
  EVENT_STORE_USER: 'ada',
  EVENT_STORE_PASSWORD: 'lovelace',
};

describe('the configuration', () => {
  it('serves loopback only when nothing else is said', () => {
    expect(readServerConfig(FILE)).toMatchObject({ EVENT_STORE_HOST: '127.0.0.1', EVENT_STORE_PORT: 2113 });
  });

  it.each(['localhost', '127.0.0.1', '127.8.9.10', '::1'])('lets %s be insecure', (EVENT_STORE_HOST) => {
    expect(readServerConfig({ ...FILE, EVENT_STORE_HOST })).toMatchObject({ EVENT_STORE_HOST });
  });

  it.each(['0.0.0.0', '::', '10.0.0.7', '127.0.0.1.example.org'])(
    'refuses %s without TLS and password, naming the variables',
    (EVENT_STORE_HOST) => {
      const read = () => readServerConfig({ ...FILE, EVENT_STORE_HOST });
      for (const name of Object.keys(SECURE)) expect(read).toThrow(new RegExp(`${name}: required because`));
      expect(readServerConfig({ ...FILE, ...SECURE, EVENT_STORE_HOST })).toMatchObject({ EVENT_STORE_HOST });
    },
  );

  it.each(Object.keys(SECURE))('refuses a %s alone: it would protect nothing', (name) => {
    const read = () => readServerConfig({ ...FILE, [name]: 'x' });
    for (const other of Object.keys(SECURE).filter((each) => each !== name))
      expect(read).toThrow(`${other}: required together with ${name}`);
  });

  it('never prints the password', () => {
    const config = readServerConfig({ ...FILE, ...SECURE });
    expect(JSON.stringify(config)).not.toContain('lovelace');
  });

  it('names every bad variable', () => {
    const read = () => readServerConfig({ EVENT_STORE_PORT: '70000', HEALTH_PORT: 'x' });
    for (const name of ['EVENT_STORE_FILE', 'EVENT_STORE_PORT', 'HEALTH_PORT']) expect(read).toThrow(name);
  });
});
