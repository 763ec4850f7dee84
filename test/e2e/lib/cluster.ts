import { setTimeout as pause } from 'node:timers/promises';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connectNats } from '@slipway/messaging';
import { until } from '@slipway/testing';
import type { SystemOptions } from '../../../tools/launcher/system/options.js';
import { startSystem, type RunningSystem } from '../../../tools/launcher/system/start-system.js';

/** Set by `npm run test:cluster`. */
export const isOnCluster = process.env['SLIPWAY_NATS_CLUSTER'] === 'yes';

/** How long a nats-server is away, ms. */
const AWAY_MS = 3_000;
/**
 * From a cluster that is well again to the next loss, ms. What was on its way when a server died is delivered anew after
 * 10 s (the lanes' `ack_wait`); losing servers faster than that is no life that a cluster promises anything for.
 */
const BETWEEN_MS = 25_000;
const WELL_LIMIT_MS = 90_000;
const LOOK_EVERY_MS = 250;

export interface TestSystemOptions extends SystemOptions {
  /** No nats-server is killed but by the test itself. */
  readonly keepsNats?: boolean;
}

/**
 * A system for specs. On a cluster it has three nats-servers and three copies of every stream, and as long as it runs
 * one nats-server after the other is killed and comes back.
 */
export async function startTestSystem({ keepsNats = false, ...options }: TestSystemOptions): Promise<RunningSystem> {
  if (!isOnCluster || options.servers?.nats) return startSystem(options);
  const system = await startSystem({ ...options, natsServers: 3 });
  if (keepsNats) return system;
  const killing = killInTurn(system);
  return {
    ...system,
    stop: async () => {
      try {
        await killing.stop();
      } finally {
        await system.stop();
      }
    },
  };
}

export const natsServersOf = ({ services }: RunningSystem): readonly string[] =>
  services.filter((name) => /^nats(?:-\d+)?$/.test(name));

function killInTurn(system: RunningSystem): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const servers = natsServersOf(system);
  let killed = 0;
  const killNext = async (): Promise<void> => {
    const name = servers[killed++ % servers.length] ?? '';
    await system.kill(name);
    await pause(AWAY_MS);
    await system.restart(name);
  };
  const run = async (): Promise<void> => {
    await clusterIsWell(system.urls.nats);
    for (;;) {
      await killNext();
      await quietTime(system.urls.nats, stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
      if (stopping.signal.aborted) return;
    }
  };
  const running = run();
  running.catch(() => undefined); // `stop` tells
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function quietTime(url: string, signal: AbortSignal): Promise<void> {
  await clusterIsWell(url, signal);
  await pause(BETWEEN_MS, undefined, { signal });
}

/** Waits until every stream and consumer has a leader, and copies that are up to date. */
export async function clusterIsWell(url: string, signal?: AbortSignal): Promise<void> {
  const nats = await connectNats({ url, name: 'cluster-watch' });
  try {
    await until(async () => isWell(await jetstreamManager(nats)), {
      limitMs: WELL_LIMIT_MS,
      everyMs: LOOK_EVERY_MS,
      what: 'a cluster that is well',
      ...(signal && { signal }),
    });
  } finally {
    await nats.close();
  }
}

async function isWell(manager: JetStreamManager): Promise<boolean> {
  for await (const { config, cluster } of manager.streams.list()) {
    if (!hasCopies(cluster)) return false;
    for await (const consumer of manager.consumers.list(config.name)) if (!hasCopies(consumer.cluster)) return false;
  }
  return true;
}

const hasCopies = (cluster: Cluster | undefined): boolean =>
  cluster?.leader !== undefined &&
  cluster.leader !== '' &&
  (cluster.replicas ?? []).every(({ current, offline }) => current && !offline);

interface Cluster {
  readonly leader?: string;
  readonly replicas?: readonly { readonly current: boolean; readonly offline?: boolean }[];
}
