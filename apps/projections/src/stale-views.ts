import { setTimeout as pause } from 'node:timers/promises';
import { RebuildOvertaken, type View } from '@slipway/read-model';
import type { Logger } from '@slipway/platform';
import { rebuildView, type RebuildOptions } from './rebuild.js';

const RETRY_MS = 5_000;

/**
 * Rebuilds views whose version differs from the code's, one after the other, until each is done or somebody else does
 * it. The others are projected meanwhile. Never rejects.
 */
export async function rebuildStale(
  views: readonly View[],
  { logger, ...options }: Omit<RebuildOptions, 'view'> & { readonly logger: Logger },
): Promise<void> {
  for (const view of views) {
    while (!options.signal.aborted && !(await tryRebuild(view, { logger, ...options })))
      await pause(RETRY_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** Whether nothing is left to do. */
async function tryRebuild(
  view: View,
  { logger, ...options }: Omit<RebuildOptions, 'view'> & { readonly logger: Logger },
): Promise<boolean> {
  try {
    logger.info({ view: view.name, version: view.version }, 'view rebuild begins');
    const rebuilt = await rebuildView({ ...options, view });
    logger.info({ view: view.name, ...rebuilt }, 'view rebuilt');
    return true;
  } catch (error) {
    if (error instanceof RebuildOvertaken) {
      logger.warn({ error, view: view.name }, 'view rebuild left to another process');
      return true;
    }
    if (!options.signal.aborted) logger.error({ error, view: view.name }, 'view rebuild failed');
    return false;
  }
}
