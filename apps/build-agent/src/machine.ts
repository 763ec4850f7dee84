import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@slipway/platform';
import { connectEngine } from './builder/engine.js';
import type { Belongings } from './collect/belongings.js';
import { ClassicContainers } from './collect/classic-containers.js';
import { Collector } from './collect/collector.js';
import type { AgentConfig } from './config.js';
import { DiskFloor } from './disk/disk-floor.js';
import { diskPaths } from './disk/disk-paths.js';
import { AnswerWatch, type Ping } from './needed/answer-watch.js';
import { engineAt, registryAt } from './needed/needs.js';
import type { AtWork } from './slots/at-work.js';
import type { JobGate } from './slots/job-gate.js';

export interface AgentParts {
  readonly gate: JobGate;
  readonly atWork: AtWork;
  readonly belongings: Belongings;
  readonly logger: Logger;
}

/** What speaks against jobs: disks, engine, registry; and what is cleaned up on the machine. */
export interface Machine {
  /** Where there is the least; null: not known. */
  readonly freeDiskBytes: () => number | null;
  /** `undefined`: there is no engine. */
  readonly pingEngine: Ping | undefined;
  /** At what builds need, before a job. */
  readonly looksLast: () => Promise<void>;
  /** At everything, once. */
  readonly look: () => Promise<unknown>;
  /** Until `signal` is aborted. */
  readonly watch: (signal: AbortSignal) => Promise<unknown>;
}

export const workspacesOf = (config: AgentConfig): string => join(config.AGENT_STATE_DIR, 'workspaces');

export const containersOf = (config: AgentConfig, belongings: Belongings): ClassicContainers =>
  new ClassicContainers(join(config.AGENT_STATE_DIR, 'containers'), belongings);

export async function machineOf(config: AgentConfig, parts: AgentParts): Promise<Machine> {
  const { gate, atWork, logger } = parts;
  const collector = collectorOf(config, parts);
  const makeRoom = (missingBytes: number): Promise<void> => collector.collect(missingBytes);
  const paths = await disksOf(config);
  const floor = new DiskFloor({ paths, floorBytes: config.DISK_FLOOR_BYTES, gate, logger, makeRoom });
  const engine = config.BUILDER === 'docker' ? engineAt(config.DOCKER_HOST) : undefined;
  const needed = engine ? [engine, registryAt(config.REGISTRY_URL)] : [];
  const watches = needed.map((one) => new AnswerWatch(one, gate, logger));
  const looksLast = async (): Promise<void> => void (await Promise.all(watches.map((one) => one.look())));
  const load = { builds: () => atWork.builds.length, missingBytes: () => floor.missingBytes };
  return {
    freeDiskBytes: () => floor.freeBytes,
    pingEngine: engine?.ping,
    looksLast,
    look: () => Promise.all([floor.look(), looksLast()]),
    watch: (signal) =>
      Promise.all([floor.watch(signal), collector.watch(load, signal), ...watches.map((one) => one.watch(signal))]),
  };
}

function collectorOf(config: AgentConfig, { belongings, logger }: AgentParts): Collector {
  return new Collector({
    docker: config.BUILDER === 'docker' ? connectEngine(config.DOCKER_HOST) : undefined,
    belongings,
    containers: containersOf(config, belongings),
    workspaces: workspacesOf(config),
    registryHost: config.REGISTRY_URL.host,
    cacheMaxBytes: config.CACHE_MAX_BYTES,
    cacheMaxAgeMs: config.CACHE_MAX_AGE_MS,
    everyMs: config.COLLECT_EVERY_MS,
    logger,
  });
}

async function disksOf(config: AgentConfig): Promise<readonly string[]> {
  await mkdir(config.AGENT_STATE_DIR, { recursive: true });
  return config.BUILDER === 'docker' ? diskPaths(config, connectEngine(config.DOCKER_HOST)) : [config.AGENT_STATE_DIR];
}
