import { temporaryDirectory, until } from '@slipway/testing';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { freePorts } from '../../../tools/launcher/setup/ports.js';
import type { SystemOptions, SystemPorts } from '../../../tools/launcher/system/options.js';
import { startSystem, type RunningSystem } from '../../../tools/launcher/system/start-system.js';
import { connectApi, type Api, type TagConfigFields } from '../../e2e/lib/api.js';
import { connectDocker } from '../../e2e/lib/engine.js';
import type { Death } from '../checker/history.js';
import { watchCheckpoints, type CheckpointWatch } from '../checker/readers/checkpoints.js';
import { connectClient, type Client } from './client.js';
import { openLoad, type Load } from './load.js';
import type { Random } from './random.js';

/** Short, so that a lost agent costs a test little. ms */
export const ACK_WAIT_MS = 3_000;
/** For every service of a house in which no agent is lost, however busy the machine is: what is lost then is a finding. */
export const LONG_LEASE = { ACK_WAIT_MS: '60000' } as const;
const REVIVE_LIMIT_MS = 60_000;

export interface FaultHouseOptions extends Omit<SystemOptions, 'stateDir' | 'ports'> {
  /** Of those that the scenario puts something in front of; others have any free ones. */
  readonly ports?: Partial<SystemPorts>;
}

/** A system that things are done to, and everything that is seen of it meanwhile. */
export interface FaultHouse {
  readonly system: RunningSystem;
  readonly api: Api;
  readonly client: Client;
  readonly load: Load;
  /** `<namespace>/<name>` of a new image repository. */
  readonly createRepository: (name: string, cloneUrl?: string, config?: TagConfigFields) => Promise<string>;
  readonly kill: (service: string) => Promise<void>;
  /** As a supervisor would: again and again until it stays. */
  readonly revive: (service: string) => Promise<void>;
  /** SIGTERM. Answers with what it ended. */
  readonly terminate: (service: string) => Promise<number>;
  /** SIGSTOP and SIGCONT. */
  readonly pause: (service: string) => void;
  readonly resume: (service: string) => void;
  readonly checkpoints: CheckpointWatch;
  readonly deaths: readonly Death[];
  /** Where each agent keeps its workspaces and reports. */
  readonly agentDirs: readonly string[];
  /** None with the dummy builder, which pushes nothing either. */
  readonly docker: Docker | undefined;
  /** Set when JetStream is wiped. */
  mayLoseLines: boolean;
  readonly stop: () => Promise<void>;
}

export async function openFaultHouse(random: Random, options: FaultHouseOptions = {}): Promise<FaultHouse> {
  const { ports = {}, builder = 'dummy', env = {}, ...rest } = options;
  const state = temporaryDirectory();
  const [gateway = 0, nats = 0, eventStore = 0, registry = 0] = await freePorts(4);
  const system = await startSystem({
    stateDir: state.path,
    command: 'faults',
    builder,
    ports: { gateway, nats, eventStore, registry, ...ports },
    env: { ...env, '*': { ACK_WAIT_MS: String(ACK_WAIT_MS), ...env['*'] } },
    ...rest,
  });
  const client = connectClient(system.urls.gateways, system.adminToken);
  const api = connectApi(system.urls.api, system.adminToken);
  const checkpoints = watchCheckpoints(system.databaseUrl);
  const { deaths, revive, terminate } = supervise(system);
  const signal = (service: string, name: NodeJS.Signals): void => void process.kill(system.pid(service), name);
  return {
    system,
    api,
    client,
    checkpoints,
    deaths,
    revive,
    terminate,
    load: openLoad(client, random),
    agentDirs: system.services
      .filter((name) => name.startsWith('build-agent'))
      .map((name) => env[name]?.['AGENT_STATE_DIR'] ?? join(state.path, 'agents', name)),
    docker: builder === 'dummy' ? undefined : connectDocker(system.urls.dockerHost),
    mayLoseLines: false,
    createRepository: async (name, cloneUrl = 'http://127.0.0.1/not-fetched.git', config = {}) => {
      await api.createRepository(`faults/${name}`, { cloneUrl }, config);
      return `faults/${name}`;
    },
    kill: system.kill,
    pause: (service) => signal(service, 'SIGSTOP'),
    resume: (service) => signal(service, 'SIGCONT'),
    stop: async () => {
      await checkpoints.stop();
      await system.stop();
      state.remove();
    },
  };
}

/** A process that ends while it is being revived only tells that what it needs is not there yet. */
function supervise(system: RunningSystem) {
  const reviving = new Set<string>();
  const leaving = new Map<string, (code: number) => void>();
  const deaths: Death[] = [];
  system.onDeath(({ name, code }) => {
    const left = leaving.get(name);
    leaving.delete(name);
    if (left) left(code);
    else if (!reviving.has(name)) deaths.push({ name, code });
  });
  const terminate = (service: string): Promise<number> =>
    new Promise((resolve) => {
      leaving.set(service, resolve);
      process.kill(system.pid(service), 'SIGTERM');
    });
  const revive = async (service: string): Promise<void> => {
    reviving.add(service);
    await until(() => system.restart(service).then(() => true), {
      limitMs: REVIVE_LIMIT_MS,
      what: `${service} again`,
      everyMs: 250,
    });
    reviving.delete(service);
  };
  return { deaths, revive, terminate };
}
