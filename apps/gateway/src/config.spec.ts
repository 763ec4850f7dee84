import { readConfig } from './config.js';

const NEEDED = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'sqlite:/var/lib/slipway/read-model.db' };

describe('the configuration of the gateway', () => {
  it('trusts no proxy, and has limits that people do not reach', () =>
    expect(readConfig(NEEDED)).toMatchObject({
      trustedProxies: [],
      limits: { anonymous: 600, caller: 120_000, writes: 60_000, webhooks: 600, failures: 100 },
    }));

  it('reads addresses and networks of proxies', () =>
    expect(readConfig({ ...NEEDED, TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16,fd00::/8' })).toMatchObject({
      trustedProxies: ['10.0.0.1', '192.168.0.0/16', 'fd00::/8'],
    }));

  it('knows no issuer of tokens, unless it is told one', () => {
    expect(readConfig(NEEDED).oidc).toBeUndefined();
    const issuer = 'https://login.example.com/realms/a';
    expect(readConfig({ ...NEEDED, OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'slipway' }).oidc).toEqual({
      issuer,
      audience: 'slipway',
      usernameClaim: 'preferred_username',
      admin: undefined,
    });
  });

  it('refuses an issuer whose tokens may be for anybody, and half a rule for administrators', () => {
    expect(() => readConfig({ ...NEEDED, OIDC_ISSUER: 'https://login.example.com' })).toThrow('OIDC_AUDIENCE');
    expect(() => readConfig({ ...NEEDED, OIDC_ADMIN_CLAIM: 'groups' })).toThrow('OIDC_ADMIN_VALUE');
  });

  it.each([
    ['TRUSTED_PROXIES', 'proxy.example.com'],
    ['TRUSTED_PROXIES', '10.0.0.0/40'],
    ['RATE_LIMIT_ANONYMOUS', '0'],
    ['RATE_LIMIT_CALLER', 'many'],
  ])('refuses %s=%s, by its name', (name, value) =>
    expect(() => readConfig({ ...NEEDED, [name]: value })).toThrow(name),
  );
});
