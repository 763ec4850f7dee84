import { setTimeout as pause } from 'node:timers/promises';
import { importBusyboxImage, startGitServer, startPostgres, until } from '@slipway/testing';
import { sharedServersFrom } from '../../../tools/launcher/system/options.js';
import { BASE } from '../../e2e/lib/house.js';
import { assertHappened, isBuiltAndShown, tally, told } from '../lib/builds.js';
import type { FaultHouse } from '../lib/fault-house.js';
import { asksInVain } from '../lib/refusal.js';
import type { Scenario, World } from '../lib/scenario.js';
import { startTcpProxy, type TcpProxy } from '../lib/tcp-proxy.js';

/** What a system needs, how it goes away and comes back, and what the API does meanwhile. */
interface Dependency {
  readonly name: string;
  readonly goes: () => unknown;
  readonly comes: () => unknown;
  readonly reads: 200 | 503;
  readonly areBuildsTaken: boolean;
}

const LIMITS = { limitMs: 60_000, everyMs: 250 };
const LOOK_EVERY_MS = 1_000;
const BUILT_LIMITS = { limitMs: 300_000 }; // what was asked for meanwhile is built before
const TICKS = 20;

export const outages: Scenario = {
  name: 'outages',
  says: 'NATS, event store, database, registry and engine are away for a minute each: reads go on, writes are told to come later',
  run: async (world) => {
    const { house, dependencies } = await openWithReal(world);
    const repository = await createTicking(world, house);
    const awayMs = world.seconds({ short: 5, full: 60 }) * 1_000;
    await isBuiltAndShown(house, repository, { ...BUILT_LIMITS, what: 'the first build' });
    await house.load.during([repository], 0.4, async () => {
      for (const dependency of dependencies) {
        await outage(house, repository, { ...dependency, awayMs });
        await isBuiltAndShown(house, repository, { ...BUILT_LIMITS, what: `a build after ${dependency.name}` });
      }
    });
    world.say(`${dependencies.length} times ${awayMs} ms; ${told(await tally(house))}`);
  },
};

/** Real images in a real registry, by an engine; the read model in PostgreSQL. */
async function openWithReal({ keep, open }: World) {
  const { dockerHost = '', registry = '' } = sharedServersFrom(process.env);
  const postgres = await startPostgres();
  await keep({ close: () => postgres.stop() });
  const [toEngine, toRegistry, toDatabase] = [
    await keep(startTcpProxy(placeOf(dockerHost))),
    await keep(startTcpProxy(placeOf(registry))),
    await keep(startTcpProxy(placeOf(postgres.url))),
  ];
  const through = (url: string, { port }: TcpProxy): string => Object.assign(new URL(url), { port: String(port) }).href;
  const house = await open({
    agents: 2,
    builder: 'docker',
    servers: {
      dockerHost: `tcp://127.0.0.1:${toEngine.port}`,
      registry: through(registry, toRegistry),
      database: through(postgres.url, toDatabase),
    },
  });
  const cut = (proxy: TcpProxy) => ({ goes: () => proxy.cut(), comes: () => proxy.heal() });
  const killed = (service: string) => ({ goes: () => house.kill(service), comes: () => house.revive(service) });
  const dependencies: readonly Dependency[] = [
    { name: 'nats', ...killed('nats'), reads: 200, areBuildsTaken: false },
    { name: 'event-store', ...killed('event-store'), reads: 200, areBuildsTaken: false },
    { name: 'database', ...cut(toDatabase), reads: 503, areBuildsTaken: false },
    { name: 'registry', ...cut(toRegistry), reads: 200, areBuildsTaken: true },
    { name: 'engine', ...cut(toEngine), reads: 200, areBuildsTaken: true },
  ];
  return { house, dependencies };
}

/** A path of a socket, or a port of this machine. */
function placeOf(url: string): string | number {
  const { protocol, pathname, port } = new URL(url);
  return protocol === 'unix:' ? pathname : Number(port);
}

/** A repository whose builds take a second or two, each time anew. */
async function createTicking({ keep }: World, house: FaultHouse): Promise<string> {
  const { docker } = house;
  if (!docker) throw new Error('this house has no engine');
  const [repo = '', tag = ''] = BASE.split(':');
  await importBusyboxImage(docker, { repo, tag });
  const git = await startGitServer();
  await keep({ close: () => git.stop() });
  const Dockerfile = `FROM ${BASE}\nRUN for i in $(seq ${TICKS}); do echo tick $i; sleep 0.05; done\n`;
  const { cloneUrl } = await git.createRepository('ticking', { Dockerfile });
  return house.createRepository('ticking', cloneUrl, { build_cache_enabled: false });
}

/** Gone for so long, and back. What the API answers meanwhile is looked at once a second. */
async function outage(
  house: FaultHouse,
  repository: string,
  { name, goes, comes, reads, areBuildsTaken, awayMs }: Dependency & { readonly awayMs: number },
): Promise<void> {
  const read = async (): Promise<number | undefined> => (await house.client.call('/v1/builds?namespace=faults')).status;
  await goes();
  const backAt = performance.now() + awayMs;
  if (!areBuildsTaken)
    await until(() => asksInVain(house, repository), { ...LIMITS, what: `the refusal without ${name}` });
  await until(async () => (await read()) === reads, { ...LIMITS, what: `${reads} without ${name}` });
  while (performance.now() < backAt) {
    const status = await read();
    assertHappened(`a list was answered with ${status} without ${name}`, status === reads);
    await pause(LOOK_EVERY_MS);
  }
  if (!areBuildsTaken) assertHappened(`a build was taken without ${name}`, await asksInVain(house, repository));
  else assertHappened(`no build was taken without ${name}`, (await house.load.ask(repository)) !== undefined);
  await comes();
}
