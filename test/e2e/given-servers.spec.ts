import {
  postgresBinaries,
  startEventStoreServer,
  startNatsServer,
  startPostgres,
  temporaryDirectory,
  type TestServer,
} from '@slipway/testing';
import { startSystem, type RunningSystem } from '../../tools/launcher/system/start-system.js';
import { connectApi } from './lib/api.js';

const LIMIT_MS = 90_000;

(postgresBinaries() === undefined ? describe.skip : describe)('servers that are given', () => {
  const state = temporaryDirectory();
  let servers: readonly [nats: TestServer, eventStore: TestServer, postgres: TestServer];
  let system: RunningSystem;

  beforeAll(async () => {
    servers = await Promise.all([startNatsServer(), startEventStoreServer(), startPostgres()]);
    const [nats, eventStore, database] = servers;
    system = await startSystem({
      stateDir: state.path,
      builder: 'dummy',
      agents: 1,
      servers: { nats: nats.url, eventStore: eventStore.url, database: database.url },
    });
  }, LIMIT_MS);
  afterAll(async () => {
    await system?.stop();
    for (const server of servers ?? []) await server.stop();
    state.remove();
  }, LIMIT_MS);

  it(
    'are used instead of starting them: NATS, event store and PostgreSQL carry a build from its request to its log',
    async () => {
      expect(system.services).not.toContain('nats');
      expect(system.services).not.toContain('event-store');
      const api = connectApi(system.urls.api, system.adminToken);
      await api.createRepository('e2e/given', { cloneUrl: 'http://127.0.0.1/not-fetched.git' });
      const { build_id } = await api.requestBuild('e2e/given', { tag: 'latest' });
      expect(await api.ended(build_id)).toMatchObject({ status: 'S', step_at: 50, agent: 'agent-1' });
      expect((await api.log(build_id)).at(-1)).toMatchObject({ message: 'build finished successfully' });
      expect(await api.builds('?namespace=e2e')).toMatchObject({ count: 1, results: [{ build_id }] });
    },
    LIMIT_MS,
  );
});
