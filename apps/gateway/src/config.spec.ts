import { readConfig } from './config.js';

const NEEDED = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'sqlite:/var/lib/slipway/read-model.db' };

describe('the configuration of the gateway', () => {
  it('trusts no proxy, and has limits that people do not reach', () =>
    expect(readConfig(NEEDED)).toMatchObject({
      trustedProxies: [],
      limits: { anonymous: 600, caller: 120_000, writes: 60_000, failures: 100 },
    }));

  it('reads addresses and networks of proxies', () =>
    expect(readConfig({ ...NEEDED, TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16,fd00::/8' })).toMatchObject({
      trustedProxies: ['10.0.0.1', '192.168.0.0/16', 'fd00::/8'],
    }));

  it.each([
    ['TRUSTED_PROXIES', 'proxy.example.com'],
    ['TRUSTED_PROXIES', '10.0.0.0/40'],
    ['RATE_LIMIT_ANONYMOUS', '0'],
    ['RATE_LIMIT_CALLER', 'many'],
  ])('refuses %s=%s, by its name', (name, value) =>
    expect(() => readConfig({ ...NEEDED, [name]: value })).toThrow(name),
  );
});
