import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckoutPaths } from '../paths.js';
import { freePorts } from '../setup/ports.js';
import { type App, bundlePath } from './bundle.js';
import type { SystemOptions, SystemPorts } from './options.js';
import { type Service, answersOk } from './service.js';
import type { SystemState } from './state.js';

/** What the services of one system are started with. */
export interface SystemPlan {
  readonly paths: CheckoutPaths;
  readonly state: SystemState;
  readonly options: SystemOptions;
  readonly ports: SystemPorts;
}

/** The same once the servers that they use are there. */
export interface ServicePlan extends SystemPlan {
  readonly addresses: Addresses;
}

/** Where the parts of one system find each other. */
export interface Addresses {
  readonly nats: string;
  readonly eventStore: string;
  readonly database: string;
  readonly registry: string;
  readonly dockerHost: string | undefined; // none with the dummy builder
  readonly engineCgroup: string | undefined;
}

/** Every app, in the order in which facts flow. */
export const ALL_APPS = [
  'event-store',
  'repository',
  'build-orchestrator',
  'projections',
  'notifier',
  'gateway',
  'build-agent',
] as const satisfies readonly App[];

/** The embedded event store. */
export async function eventStoreService(plan: SystemPlan): Promise<Service> {
  const { state, ports } = plan;
  const env = {
    EVENT_STORE_FILE: state.eventStoreFile,
    EVENT_STORE_HOST: '127.0.0.1',
    EVENT_STORE_PORT: String(ports.eventStore),
  };
  const [healthPort = 0] = await freePorts(1);
  return appService(plan, { name: 'event-store', app: 'event-store', needs: [], env }, healthPort);
}

/** All other apps: one service each, several for the agents, each with a health port of its own. */
export async function appServices(plan: ServicePlan, apps: readonly App[]): Promise<readonly Service[]> {
  const definitions = apps.flatMap((app) => definitionsOf(app, plan).flatMap((one) => instancesOf(one, plan)));
  const healthPorts = await freePorts(definitions.length);
  return definitions.map((definition, index) =>
    appService(plan, definition, definition.healthPort ?? healthPorts[index] ?? 0),
  );
}

/** The first keeps its name; all others differ from it in that and in their ports. */
function instancesOf(definition: Definition, { options }: ServicePlan): readonly Definition[] {
  const { name, app, healthPort: _, ...rest } = definition;
  const count = app === 'event-store' || app === 'build-agent' ? 1 : (options.instances?.[app] ?? 1);
  const others = Array.from({ length: count - 1 }, (__, index) => ({ ...rest, app, name: `${name}-${index + 2}` }));
  return [definition, ...others];
}

interface Definition {
  readonly name: string;
  readonly app: App;
  readonly needs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly healthPort?: number; // default: a port of its own
  /** Of one that answers on its public port: the variable that names it. */
  readonly portVariable?: string;
  readonly nodeFlags?: readonly string[];
}

/** On one machine the others are there. */
const LOOPBACK = '127.0.0.0/8,::1';

function definitionsOf(app: App, plan: ServicePlan): readonly Definition[] {
  const { addresses, state, ports } = plan;
  const stores = { NATS_URL: addresses.nats, EVENTSTORE_URL: addresses.eventStore };
  switch (app) {
    case 'event-store':
      return []; // it runs before the others
    case 'repository': {
      const keys = { SLIPWAY_SECRET_KEY: state.secretKey, ADMIN_TOKEN_FILE: state.adminTokenFile };
      return [{ name: app, app, needs: [], env: { ...stores, ...keys } }];
    }
    case 'build-orchestrator': {
      // What a dummy builder makes is in no registry: its tags are recorded and nobody is asked to move them.
      const REGISTRY_URL = plan.options.builder === 'dummy' ? '' : addresses.registry;
      const { natsServers } = plan.options;
      const copies = natsServers === undefined ? {} : { STREAM_REPLICAS: String(natsServers) };
      return [{ name: app, app, needs: [], env: { ...stores, REGISTRY_URL, ...copies } }];
    }
    case 'projections':
      return [{ name: app, app, needs: [], env: { ...stores, DATABASE_URL: addresses.database } }];
    case 'notifier': {
      const keys = { EVENTSTORE_URL: addresses.eventStore, SLIPWAY_SECRET_KEY: state.secretKey };
      const several = (plan.options.instances?.notifier ?? 1) > 1 ? { DATABASE_URL: addresses.database } : {};
      const env = { ...keys, ...several, PUBLIC_URL: `http://127.0.0.1:${ports.gateway}`, PRIVATE_HOSTS: LOOPBACK };
      return [{ name: app, app, needs: [], env }];
    }
    case 'gateway': {
      const env = { ...stores, DATABASE_URL: addresses.database, HOST: '127.0.0.1' };
      // Until its tables are up to date it says so itself; only the very first time there is no file to open.
      const isFirst = addresses.database.startsWith('sqlite:') && !existsSync(state.readModelFile);
      const needs = isFirst ? ['projections'] : [];
      return [{ name: app, app, needs, env, healthPort: ports.gateway, portVariable: 'PORT' }];
    }
    case 'build-agent':
      return Array.from({ length: plan.options.agents ?? 2 }, (_, index) => agent(plan, index + 1));
  }
}

/** A system on one machine clones from servers on it. Another list of the user's own counts instead. */
const ON_THIS_MACHINE = '127.0.0.0/8,::1,localhost';

/** A long log makes much that is soon forgotten: V8 would let it pile up, young (MiB) and old (%), before it looks. */
const SMALL_HEAP = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

function agent({ addresses, state, options }: ServicePlan, number: number): Definition {
  const name = `build-agent-${number}`;
  const env = {
    NATS_URL: addresses.nats,
    REGISTRY_URL: addresses.registry,
    AGENT_ID: `agent-${number}`,
    AGENT_STATE_DIR: join(state.agentsDir, name),
    DRAIN_GRACE_MS: '0', // Ctrl-C is quick: builds come again with the next start
    BUILDER: options.builder ?? 'docker',
    ...(addresses.dockerHost === undefined ? {} : { DOCKER_HOST: addresses.dockerHost }),
    ...(addresses.engineCgroup === undefined ? {} : { ENGINE_CGROUP: addresses.engineCgroup }),
  };
  const needs = ['build-orchestrator']; // it makes the queue
  return { name, app: 'build-agent', needs, env, nodeFlags: SMALL_HEAP };
}

function appService(
  { paths, state, options }: SystemPlan,
  { name, app, needs, env, portVariable, nodeFlags = [] }: Definition,
  healthPort: number,
): Service {
  const inherited: NodeJS.ProcessEnv = { ...process.env };
  delete inherited['NODE_OPTIONS']; // a test runner's import hook is not for the services
  const url = `http://127.0.0.1:${healthPort}`;
  return {
    name,
    needs,
    ...(portVariable === undefined ? {} : { url }),
    child: {
      command: process.execPath,
      args: [...nodeFlags, '--enable-source-maps', bundlePath(paths, app)],
      cwd: paths.root,
      env: {
        ...inherited,
        PRIVATE_HOSTS: process.env['PRIVATE_HOSTS'] || ON_THIS_MACHINE,
        NODE_COMPILE_CACHE: join(paths.state, 'cache', 'node'), // a second start needs half the time
        ...env,
        HEALTH_HOST: '127.0.0.1',
        HEALTH_PORT: String(healthPort),
        ...(portVariable === undefined ? {} : { [portVariable]: String(healthPort) }),
        ...options.env?.['*'],
        ...options.env?.[app],
        ...options.env?.[name],
      },
      logFile: join(state.logDir, `${name}.log`),
    },
    isReady: () => answersOk(`${url}/readyz`),
  };
}
