import type Docker from 'dockerode';
import { ownTags } from '@slipway/contracts';
import { count, type Logger } from '@slipway/platform';
import { pruneCache } from '../builder/engine.js';
import { type Belongings, builtNameOf } from './belongings.js';
import type { ClassicContainers } from './classic-containers.js';

/** An image of an agent whose directory is gone: longer than any build runs, ms. */
const ORPHAN_AGE_MS = 24 * 60 * 60_000;

interface EngineThings {
  readonly belongings: Belongings;
  readonly containers: ClassicContainers;
  readonly registryHost: string;
  readonly cacheMaxBytes: number;
  readonly cacheMaxAgeMs: number;
  readonly logger: Logger;
}

/** What builds left on an engine that others use too. */
export class EngineCollector {
  constructor(
    private readonly docker: Docker,
    private readonly options: EngineThings,
  ) {}

  /** One that runs is none of them: an engine ends the containers of a build with its connection. */
  async containers(): Promise<void> {
    const { containers, logger } = this.options;
    for (const id of await containers.left()) {
      const state = await this.docker.getContainer(id).inspect().catch(nothingIfMissing);
      if (state?.State.Running) continue;
      await this.docker.getContainer(id).remove().catch(nothingIfMissing);
      await containers.forget(id);
      if (!state) continue;
      count('slipway_collected_objects_total', { kind: 'container' });
      logger.info({ container: id }, 'left container collected');
    }
  }

  /** Those of attempts that are over, with the names that a push gave them. */
  async images(): Promise<void> {
    const { logger } = this.options;
    for (const { RepoTags } of await this.docker.listImages()) {
      for (const name of RepoTags ?? []) {
        if (!(await this.#isLeft(name))) continue;
        const pushed = (RepoTags ?? []).filter((other) => this.#isPushed(other, name));
        for (const each of [...pushed, name])
          // noprune keeps the parents: they are the classic builder's cache.
          await this.docker.getImage(each).remove({ noprune: true }).catch(nothingIfMissing);
        count('slipway_collected_objects_total', { kind: 'image' });
        logger.info({ image: name }, 'left image collected');
      }
    }
  }

  /** The builder never gives up what a build uses just now, whoever's it is. */
  async cache(missingBytes: number): Promise<{ readonly records: number; readonly bytes: number }> {
    const { cacheMaxBytes, cacheMaxAgeMs } = this.options;
    const keepBytes = missingBytes > 0 ? Math.min(cacheMaxBytes, (await this.#cached()) - missingBytes) : cacheMaxBytes;
    const byAge = await pruneCache(this.docker, { unusedForMs: cacheMaxAgeMs });
    const bySize = await pruneCache(this.docker, { keepBytes: Math.max(keepBytes, 0) });
    return { records: byAge.records + bySize.records, bytes: byAge.bytes + bySize.bytes };
  }

  async #cached(): Promise<number> {
    const { BuildCache } = (await this.docker.df()) as { BuildCache?: readonly { Size?: number }[] | null };
    return (BuildCache ?? []).reduce((sum, { Size }) => sum + (Size ?? 0), 0);
  }

  async #isLeft(name: string): Promise<boolean> {
    const { belongings } = this.options;
    const built = builtNameOf(name);
    if (!built || belongings.isHeld(name)) return false;
    return built.owner === belongings.owner || (await this.#ageOf(name)) > ORPHAN_AGE_MS;
  }

  /** Since it got its last name, by the clock of the engine; what does not say so has just been made, ms. */
  async #ageOf(name: string): Promise<number> {
    const image = await this.docker.getImage(name).inspect().catch(nothingIfMissing);
    const { LastTagTime } = (image as { Metadata?: { LastTagTime?: string } } | undefined)?.Metadata ?? {};
    const taggedAt = Date.parse(LastTagTime ?? '');
    return taggedAt > 0 ? Date.now() - taggedAt : 0;
  }

  #isPushed(name: string, builtName: string): boolean {
    const { buildId } = builtNameOf(builtName) ?? {};
    if (buildId === undefined || !name.startsWith(`${this.options.registryHost}/`)) return false;
    return name.slice(name.lastIndexOf(':') + 1).startsWith(`${ownTags.ofBuild(buildId)}.`); // of any attempt
  }
}

function nothingIfMissing(error: unknown): undefined {
  if ((error as { statusCode?: number }).statusCode !== 404) throw error;
}
