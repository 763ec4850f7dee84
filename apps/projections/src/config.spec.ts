import { readConfig, readRebuildConfig } from './config.js';

describe('the configuration of projections', () => {
  it('names every bad variable', () =>
    expect(() => readConfig({ DATABASE_URL: 'mysql://x', HEALTH_PORT: '70000' })).toThrow(
      /EVENTSTORE_URL[^]*DATABASE_URL[^]*NATS_URL[^]*HEALTH_PORT/,
    ));

  it('needs no NATS for a rebuild', () =>
    expect(
      readRebuildConfig({ EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', DATABASE_URL: 'sqlite:/x/y.db' }),
    ).toEqual({
      eventStoreUrl: 'esdb://127.0.0.1:1?tls=false',
      databaseUrl: 'sqlite:/x/y.db',
    }));
});
