import { ConfigError } from '@slipway/platform';
import { readConfig } from './config.js';

const env = {
  NATS_URL: 'nats://127.0.0.1:4222',
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  SLIPWAY_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  ADMIN_TOKEN_FILE: '/state/admin-token',
};

describe('configuration', () => {
  it('has defaults for all but where things are', () =>
    expect(readConfig(env)).toMatchObject({
      adminUser: 'admin',
      hosts: { GitHub: 'https://github.com', GitCafe: null },
      health: { host: '127.0.0.1', port: 0 },
      reconcileMs: 600_000,
    }));

  it('compares no refs at an interval of 0', () =>
    expect(readConfig({ ...env, RECONCILE_INTERVAL_S: '0' }).reconcileMs).toBeUndefined());

  it('takes other code hosts', () =>
    expect(readConfig({ ...env, CODE_HOST_GITCAFE_URL: 'https://cafe.example/' }).hosts.GitCafe).toBe(
      'https://cafe.example',
    ));

  it('names every bad variable, and no secret', () => {
    const bad = {
      ...env,
      SLIPWAY_SECRET_KEY: 'c2hvcnQ=',
      ADMIN_USER: 'Not A Name',
      HEALTH_PORT: '70000',
      NATS_URL: '',
    };
    expect(() => readConfig(bad)).toThrow(ConfigError);
    for (const name of ['SLIPWAY_SECRET_KEY', 'ADMIN_USER', 'HEALTH_PORT', 'NATS_URL'])
      expect(() => readConfig(bad)).toThrow(name);
    expect(() => readConfig(bad)).not.toThrow('c2hvcnQ=');
  });

  it('does not print the secret key', () =>
    expect(JSON.stringify(readConfig(env))).not.toContain(env.SLIPWAY_SECRET_KEY));
});
