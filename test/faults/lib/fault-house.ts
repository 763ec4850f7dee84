import { temporaryDirectory, until } from '@slipway/testing';
import { join } from 'node:path';
import { freePorts } from '../../../tools/launcher/setup/ports.js';
import type { SystemOptions } from '../../../tools/launcher/system/options.js';
import { startSystem, type RunningSystem } from '../../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from '../../e2e/lib/api.js';
import type { Death } from '../checker/history.js';
import { watchCheckpoints, type CheckpointWatch } from '../checker/readers/checkpoints.js';
import { connectClient, type Client } from './client.js';
import { openLoad, type Load } from './load.js';
import type { Random } from './random.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** Short, so that a lost agent costs a test little. ms */
export const ACK_WAIT_MS = 3_000;
const REVIVE_LIMIT_MS = 60_000;

export interface FaultHouseOptions extends Omit<SystemOptions, 'stateDir' | 'ports'> {
  /** Who reaches NATS or the event store through a proxy: names as in `env`, so `*` is everybody. */
  readonly proxied?: { readonly nats?: string; readonly eventStore?: string };
}

/** A system that things are done to, and everything that is seen of it meanwhile. */
export interface FaultHouse {
  readonly system: RunningSystem;
  readonly api: Api;
  readonly client: Client;
  readonly load: Load;
  readonly proxies: { readonly nats: TcpProxy | undefined; readonly eventStore: TcpProxy | undefined };
  /** `<namespace>/<name>` of a new image repository. */
  readonly createRepository: (name: string, cloneUrl?: string) => Promise<string>;
  readonly kill: (service: string) => Promise<void>;
  /** As a supervisor would: again and again until it stays. */
  readonly revive: (service: string) => Promise<void>;
  /** SIGSTOP and SIGCONT. */
  readonly pause: (service: string) => void;
  readonly resume: (service: string) => void;
  readonly checkpoints: CheckpointWatch;
  readonly deaths: readonly Death[];
  readonly agentsDir: string;
  readonly usesDummy: boolean;
  /** Set when JetStream is wiped. */
  mayLoseLines: boolean;
  readonly stop: () => Promise<void>;
}

const SERVERS = { nats: 'NATS_URL', eventStore: 'EVENTSTORE_URL' } as const;

export async function openFaultHouse(random: Random, options: FaultHouseOptions = {}): Promise<FaultHouse> {
  const { proxied = {}, builder = 'dummy', env = {}, ...rest } = options;
  const state = temporaryDirectory();
  const [gateway = 0, nats = 0, eventStore = 0, registry = 0] = await freePorts(4);
  const proxies = {
    nats: proxied.nats === undefined ? undefined : await startTcpProxy(nats),
    eventStore: proxied.eventStore === undefined ? undefined : await startTcpProxy(eventStore),
  };
  const through = (which: keyof typeof SERVERS, url: (port: number) => string) => {
    const [who, proxy] = [proxied[which], proxies[which]];
    return who !== undefined && proxy ? [[who, SERVERS[which], url(proxy.port)] as const] : [];
  };
  const system = await startSystem({
    stateDir: state.path,
    command: 'faults',
    builder,
    ports: { gateway, nats, eventStore, registry },
    env: withVariables(env, [
      ['*', 'ACK_WAIT_MS', String(ACK_WAIT_MS)],
      ...through('nats', (port) => `nats://127.0.0.1:${port}`),
      ...through('eventStore', (port) => `esdb://127.0.0.1:${port}?tls=false`),
    ]),
    ...rest,
  });
  const client = connectClient(system.urls.gateways, system.adminToken);
  const api = connectApi(system.urls.api, system.adminToken);
  const checkpoints = watchCheckpoints(system.databaseUrl);
  const { deaths, revive } = supervise(system);
  const signal = (service: string, name: NodeJS.Signals): void => void process.kill(system.pid(service), name);
  return {
    system,
    api,
    client,
    proxies,
    checkpoints,
    deaths,
    revive,
    load: openLoad(client, random),
    agentsDir: join(state.path, 'agents'),
    usesDummy: builder === 'dummy',
    mayLoseLines: false,
    createRepository: async (name, cloneUrl = 'http://127.0.0.1/not-fetched.git') => {
      await api.createRepository(`faults/${name}`, { cloneUrl });
      return `faults/${name}`;
    },
    kill: system.kill,
    pause: (service) => signal(service, 'SIGSTOP'),
    resume: (service) => signal(service, 'SIGCONT'),
    stop: async () => {
      await checkpoints.stop();
      await system.stop();
      await Promise.all([proxies.nats?.close(), proxies.eventStore?.close()]);
      state.remove();
    },
  };
}

/** Variables beside those that are given. */
function withVariables(
  env: NonNullable<SystemOptions['env']>,
  more: readonly (readonly [service: string, variable: string, value: string])[],
): NonNullable<SystemOptions['env']> {
  const merged: Record<string, Record<string, string>> = {};
  for (const [service, variables] of Object.entries(env)) merged[service] = { ...variables };
  for (const [service, variable, value] of more) merged[service] = { [variable]: value, ...merged[service] };
  return merged;
}

/** A process that ends while it is being revived only tells that what it needs is not there yet. */
function supervise(system: RunningSystem) {
  const reviving = new Set<string>();
  const deaths: Death[] = [];
  system.onDeath(({ name, code }) => {
    if (!reviving.has(name)) deaths.push({ name, code });
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
  return { deaths, revive };
}
