import { ConfigError } from '@slipway/platform';
import { readConfig } from './config.js';

const env = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  SLIPWAY_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
};

describe('configuration', () => {
  it('sends no mail without a server', () => expect(readConfig(env)).toMatchObject({ mail: undefined }));

  it('opens with former keys too', () => {
    const old = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')).join(',');
    expect(readConfig({ ...env, SLIPWAY_SECRET_KEY_OLD: old }).secretKeys).toHaveLength(3);
  });

  it('makes links of one shape', () =>
    expect(readConfig({ ...env, PUBLIC_URL: 'https://slipway.example/' }).publicUrl).toBe('https://slipway.example'));

  it('names every bad variable, and no secret', () => {
    const bad = {
      ...env,
      SLIPWAY_SECRET_KEY: 'c2hvcnQ=',
      SMTP_URL: 'http://user:hunter2@mail',
      PRIVATE_HOSTS: '10.0.0.0/99',
    };
    for (const name of ['SLIPWAY_SECRET_KEY', 'SMTP_URL', 'PRIVATE_HOSTS']) expect(() => readConfig(bad)).toThrow(name);
    expect(() => readConfig(bad)).toThrow(ConfigError);
    expect(() => readConfig(bad)).not.toThrow(/c2hvcnQ=|hunter2/);
  });

  it('prints neither keys nor the password of the mail server', () => {
    const config = readConfig({ ...env, SMTP_URL: 'smtps://user:hunter2@mail.example' });
    expect(JSON.stringify(config)).not.toMatch(/hunter2|BwcHBw/);
  });
});
