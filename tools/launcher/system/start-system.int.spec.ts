import { existsSync, readFileSync, statSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { join } from 'node:path';
import { LIMIT_MS, isAlive, tempDir } from '../process/fixtures.js';
import { checkoutPaths } from '../paths.js';
import { readStates } from '../process/state-file.js';
import { checkNats } from '../setup/nats-server.js';
import { freePorts } from '../setup/ports.js';
import { readAddresses } from './address-file.js';
import type { SystemOptions } from './options.js';
import { type RunningSystem, startSystem } from './start-system.js';

describe('startSystem', () => {
  const dir = tempDir();
  const systems: RunningSystem[] = [];
  const start = async (options: Partial<SystemOptions> = {}): Promise<RunningSystem> => {
    const system = await startSystem({
      stateDir: join(dir.path, 'state of one'),
      apps: ['event-store'],
      builder: 'dummy',
      command: 'spec',
      ...options,
    });
    systems.push(system);
    return system;
  };
  const ours = () =>
    readStates(checkoutPaths().run).filter(
      ({ command, launcher }) => command === 'spec' && launcher.pid === process.pid,
    );

  afterAll(async () => {
    await Promise.all(systems.map((system) => system.stop()));
    dir.remove();
  });

  it(
    'runs on free ports from a path with spaces, survives a kill and a restart, and leaves no process',
    async () => {
      const system = await start();
      expect(system.services).toEqual(['nats', 'event-store']);
      await checkNats(system.urls.nats);
      expect(readAddresses(system.stateDir)).toEqual({
        NATS_URL: system.urls.nats,
        EVENTSTORE_URL: system.urls.eventStore,
        DATABASE_URL: system.databaseUrl,
        API_URL: system.urls.api,
        REGISTRY_URL: system.urls.registry,
      });
      const first = system.pid('event-store');
      await system.kill('event-store');
      expect(isAlive(first)).toBe(false);
      await system.restart('event-store');
      await system.restart('nats');
      await checkNats(system.urls.nats);

      const pids = system.services.map(system.pid);
      expect(pids.map(isAlive)).toEqual([true, true]);
      expect(pids).not.toContain(first);
      await system.stop();
      expect(pids.map(isAlive)).toEqual([false, false]);
      expect(readAddresses(system.stateDir)).toBeUndefined();
      expect(ours()).toEqual([]);
    },
    4 * LIMIT_MS,
  );

  it(
    'keeps its secret key over starts, readable by its owner alone',
    async () => {
      const options = { stateDir: join(dir.path, 'keys'), apps: [] };
      await (await start(options)).stop();
      const file = join(dir.path, 'keys', 'secret-key');
      const key = readFileSync(file, 'utf8');
      await (await start(options)).stop();
      expect(readFileSync(file, 'utf8')).toBe(key);
      expect(Buffer.from(key, 'base64')).toHaveLength(32);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    },
    4 * LIMIT_MS,
  );

  it(
    'names the taken port and its variable, and leaves nothing running',
    async () => {
      const [nats = 0, eventStore = 0, registry = 0, gateway = 0] = await freePorts(4);
      const squatter = await listen(nats);
      const ports = { nats, eventStore, registry, gateway };
      await expect(start({ ports })).rejects.toThrow(`${nats} (NATS): set NATS_PORT to another port`);
      squatter.close();
      expect(ours()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'names the service that refuses its configuration, and leaves nothing running',
    async () => {
      const env = { 'event-store': { EVENT_STORE_PORT: 'many' } };
      await expect(start({ env })).rejects.toThrow(/event-store refuses its configuration[^]*EVENT_STORE_PORT/);
      expect(ours()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'gives up a start that is aborted, and leaves nothing running',
    async () => {
      const abort = new AbortController();
      const starting = start({ signal: abort.signal });
      abort.abort(new Error('never mind'));
      await expect(starting).rejects.toThrow('never mind');
      expect(ours()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'tells of a service that dies',
    async () => {
      const system = await start();
      const died = new Promise((resolve) => system.onDeath(resolve));
      process.kill(system.pid('event-store'), 'SIGKILL');
      expect(await died).toMatchObject({ name: 'event-store', code: 137 });
      await system.stop();
    },
    2 * LIMIT_MS,
  );

  it(
    'uses the servers it is given and starts none in their place',
    async () => {
      const giver = await start();
      const servers = { nats: giver.urls.nats, eventStore: giver.urls.eventStore, registry: giver.urls.registry };
      const system = await start({ stateDir: join(dir.path, 'guest'), servers });
      expect(system.services).toEqual([]);
      expect(system.urls).toMatchObject(servers);
      expect(existsSync(join(dir.path, 'guest', 'log', 'nats.log'))).toBe(false);
      await system.stop();
      await checkNats(giver.urls.nats);
    },
    2 * LIMIT_MS,
  );
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}
