import { existsSync, readFileSync } from 'node:fs';
import { type CheckoutPaths, checkoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { sweepDead } from '../process/state-file.js';
import { becomesTrue } from '../process/wait.js';
import { type RunningChild, type Supervisor, openSupervisor } from '../process/supervisor.js';
import { allowRegistry } from '../setup/engine-network.js';
import { type Engine, provideEngine } from '../setup/engine.js';
import { provideSourceTools } from '../setup/source-tools.js';
import { checkNats } from '../setup/nats-server.js';
import { findPrograms } from '../setup/programs.js';
import { findRegistry, provideRegistry } from '../setup/registry.js';
import { addressFile, writeAddresses } from './address-file.js';
import { bundleApps } from './bundle.js';
import { type Servers, type SystemOptions, type SystemPorts, sharedServersFrom } from './options.js';
import { type ServiceControl, controlServices } from './running-system.js';
import { type Service, answersOk, startServices } from './service.js';
import { natsServices } from './nats-services.js';
import { ALL_APPS, type Addresses, type SystemPlan, appServices, eventStoreService } from './services.js';
import { openState } from './state.js';
import { choosePorts, namedPort } from './system-ports.js';

const TOKEN_LIMIT_MS = 10_000;

export interface RunningSystem extends ServiceControl {
  readonly urls: {
    readonly api: string;
    readonly gateways: readonly string[]; // all of them; the first is `api`
    readonly nats: string; // all servers of a cluster, with commas
    readonly eventStore: string;
    readonly registry: string;
    readonly dockerHost: string | undefined; // none with the dummy builder
  };
  readonly databaseUrl: string; // `sqlite:<absolute path>` or `postgres://…`
  readonly adminToken: string; // empty when the repository service is not among the apps
  readonly stateDir: string;
}

/**
 * Sets up what is missing, starts every part as soon as what it needs is ready, and resolves when all are. When it
 * rejects, nothing of it is left running.
 * @throws Problem with what to do about it
 */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const paths = checkoutPaths();
  await sweepDead(paths.run);
  const supervisor = openSupervisor({ command: options.command ?? 'system', runDir: paths.run });
  try {
    return await unlessAborted(start(paths, supervisor, options), options.signal);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

interface Start extends SystemPlan {
  readonly supervisor: Supervisor;
  readonly servers: Servers;
}

async function start(paths: CheckoutPaths, supervisor: Supervisor, options: SystemOptions): Promise<RunningSystem> {
  const servers = options.servers ?? sharedServersFrom(process.env);
  const ports = await portsFor(paths, servers, options);
  const plan: Start = { paths, supervisor, options, servers, ports, state: openState(options.stateDir) };
  const programs = findPrograms(paths, { natsServer: !servers.nats, registry: !servers.registry, busybox: false });
  const [engine, registry, stores] = await Promise.all([
    options.builder === 'dummy' ? undefined : engineFor(plan),
    programs.then(({ registry: program }) => registryFor(plan, program)),
    programs.then(({ natsServer }) => startStores(plan, natsServer)),
    provideSourceTools(),
  ]);
  if (engine?.cgroup) await allowRegistry(paths, supervisor, registry);
  const addresses = addressesOf(plan, { stores: stores.services, registry, engine });
  const services = await appServices({ ...plan, addresses }, options.apps ?? ALL_APPS);
  const children = await startServices(services, supervisor);
  const all = { services: [...stores.services, ...services], children: new Map([...stores.children, ...children]) };
  const system = describeSystem(plan, addresses, all);
  if (children.has('gateway')) await tokenIsKnown(system);
  return system;
}

/** The administrator's token is an event first; a person who is told that the system runs may use it at once. */
async function tokenIsKnown({ urls, adminToken }: RunningSystem): Promise<void> {
  if (adminToken === '') return;
  const headers = { authorization: `Token ${adminToken}` };
  const isKnown = () => answersOk(`${urls.api}/v1/auth/profile`, headers).catch(() => false);
  await becomesTrue(isKnown, { limitMs: TOKEN_LIMIT_MS, everyMs: 25 }); // one that was revoked never is
}

function describeSystem(
  { supervisor, state, ports, options }: Start,
  { database, nats, eventStore, registry, dockerHost }: Addresses,
  { services, children }: Started,
): RunningSystem {
  supervisor.leave({ kind: 'path', path: addressFile(options.stateDir) });
  const api = apiOf(ports);
  const urls = { nats, eventStore, registry, dockerHost };
  writeAddresses(options.stateDir, {
    NATS_URL: urls.nats,
    EVENTSTORE_URL: urls.eventStore,
    DATABASE_URL: database,
    API_URL: api,
    REGISTRY_URL: urls.registry,
    DOCKER_HOST: urls.dockerHost,
  });
  return {
    ...controlServices(services, children, supervisor),
    urls: {
      api,
      gateways: services.flatMap(({ name, url }) => (name.startsWith('gateway') && url ? [url] : [])),
      ...urls,
    },
    databaseUrl: database,
    adminToken: existsSync(state.adminTokenFile) ? readFileSync(state.adminTokenFile, 'utf8').trim() : '',
    stateDir: options.stateDir,
  };
}

const apiOf = ({ gateway }: SystemPorts): string => `http://127.0.0.1:${gateway}`;

/** Checked before anything is started, so that all taken ports are named at once. */
async function portsFor(paths: CheckoutPaths, servers: Servers, { ports, apps }: SystemOptions): Promise<SystemPorts> {
  const registry = await findRegistry(paths, servers.registry);
  const needed: Readonly<Record<keyof SystemPorts, boolean>> = {
    gateway: (apps ?? ALL_APPS).includes('gateway'),
    nats: !servers.nats,
    eventStore: !servers.eventStore,
    registry: !registry,
  };
  return choosePorts(ports, (key) => needed[key]);
}

const engineFor = ({ paths, supervisor, servers }: Start): Promise<Engine> =>
  provideEngine(paths, supervisor, servers.dockerHost);

async function registryFor({ paths, supervisor, servers, ports }: Start, program: string | undefined): Promise<string> {
  const port = namedPort('registry', ports.registry);
  return (await provideRegistry(paths, supervisor, { port, program, given: servers.registry, api: apiOf(ports) })).url;
}

interface Started {
  readonly services: readonly Service[];
  readonly children: ReadonlyMap<string, RunningChild>;
}

/** NATS and the event store, which all others need; meanwhile the container engine starts. */
async function startStores(plan: Start, natsServer: string | undefined): Promise<Started> {
  const { paths, supervisor, servers, options, state, ports } = plan;
  const apps = options.apps ?? ALL_APPS;
  await Promise.all([bundleApps(paths, apps), servers.nats && checkNats(servers.nats)]);
  const services: Service[] = [];
  const nats = { port: ports.nats, servers: options.natsServers ?? 1 };
  if (natsServer) services.push(...(await natsServices(state, natsServer, nats)));
  if (!servers.eventStore && apps.includes('event-store')) services.push(await eventStoreService(plan));
  return { services, children: await startServices(services, supervisor) };
}

interface Found {
  readonly stores: readonly Service[];
  readonly registry: string;
  readonly engine: Engine | undefined;
}

function addressesOf({ servers, ports, state }: Start, { stores, registry, engine }: Found): Addresses {
  const ours = stores.flatMap(({ name, url }) => (name.startsWith('nats') && url ? [url] : []));
  return {
    nats: servers.nats ?? ours.join(','),
    eventStore: servers.eventStore ?? `esdb://127.0.0.1:${ports.eventStore}?tls=false`,
    database: servers.database ?? `sqlite:${state.readModelFile}`,
    registry,
    dockerHost: engine?.dockerHost,
    engineCgroup: engine?.cgroup,
  };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = new Promise<never>((_, reject) => {
    const refuse = () => reject(signal.reason instanceof Error ? signal.reason : new Problem('stopped'));
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
  return Promise.race([work, aborted]);
}
