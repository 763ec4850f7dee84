import { readdir, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { pause } from '@slipway/messaging';
import { count, countMany, type Logger } from '@slipway/platform';
import type { Belongings } from './belongings.js';
import type { ClassicContainers } from './classic-containers.js';
import { EngineCollector } from './engine-collector.js';

/** How often it is looked whether it is time, ms. */
const LOOK_MS = 2_000;
/** An agent that is never idle collects all the same, after so many times as long: it takes nothing that is in use. */
const OVERDUE = 3;

export interface CollectorOptions {
  /** `undefined`: there is no engine. */
  readonly docker: Docker | undefined;
  readonly belongings: Belongings;
  readonly containers: ClassicContainers;
  /** Where workspaces are made. */
  readonly workspaces: string;
  /** As image names write it: `registry.example:5000`. */
  readonly registryHost: string;
  readonly cacheMaxBytes: number;
  readonly cacheMaxAgeMs: number;
  readonly everyMs: number;
  readonly logger: Logger;
}

/** Takes away what builds left behind, and what the builder's cache has too much. */
export class Collector {
  #running: Promise<void> | undefined;
  #endedAt = -Infinity;

  constructor(private readonly options: CollectorOptions) {}

  /**
   * At most one at a time: who asks meanwhile waits for the one that runs. What fails is for the next time.
   * @param missingBytes that the cache is to give up besides
   */
  collect(missingBytes = 0): Promise<void> {
    this.#running ??= this.#collect(missingBytes).finally(() => {
      this.#running = undefined;
      this.#endedAt = performance.now();
    });
    return this.#running;
  }

  /** At once, then between builds, until `signal` is aborted. */
  async watch(
    { builds, missingBytes }: { readonly builds: () => number; readonly missingBytes: () => number },
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      const since = performance.now() - this.#endedAt;
      const isTime = since >= this.options.everyMs && (builds() === 0 || since >= OVERDUE * this.options.everyMs);
      if (isTime) await this.collect(missingBytes());
      await pause(LOOK_MS, signal);
    }
  }

  async #collect(missingBytes: number): Promise<void> {
    const { docker, logger } = this.options;
    await this.#left('workspaces', () => this.#workspaces());
    if (!docker) return;
    const engine = new EngineCollector(docker, this.options);
    await this.#left('containers', () => engine.containers());
    await this.#left('images', () => engine.images());
    await this.#left('cache', async () => {
      const { records, bytes } = await engine.cache(missingBytes);
      countMany('slipway_collected_objects_total', records, { kind: 'cache' });
      countMany('slipway_collected_bytes_total', bytes, { kind: 'cache' });
      if (records > 0) logger.info({ records, bytes }, 'builder cache collected');
    });
  }

  async #left(what: string, collect: () => Promise<void>): Promise<void> {
    await collect().catch((error: unknown) => this.options.logger.warn({ error, what }, 'not collected'));
  }

  async #workspaces(): Promise<void> {
    const { workspaces, belongings, logger } = this.options;
    for (const name of await readdir(workspaces).catch(() => [])) {
      if (belongings.isHeld(name)) continue;
      const path = join(workspaces, name);
      const bytes = await bytesIn(path);
      await rm(path, { recursive: true, force: true });
      count('slipway_collected_objects_total', { kind: 'workspace' });
      countMany('slipway_collected_bytes_total', bytes, { kind: 'workspace' });
      logger.info({ bytes }, 'left workspace collected');
    }
  }
}

/** Of all files below, as the file system says. What vanishes meanwhile is nothing. */
async function bytesIn(path: string): Promise<number> {
  const entry = await lstat(path).catch(() => undefined);
  if (!entry?.isDirectory()) return (entry?.blocks ?? 0) * 512;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesIn(join(path, name));
  return bytes;
}
