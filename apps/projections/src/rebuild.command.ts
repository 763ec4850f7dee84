import { connectEventStore } from '@slipway/event-store';
import { createLogger } from '@slipway/platform';
import { openDatabase, prepareViews, VIEWS, type View } from '@slipway/read-model';
import { readRebuildConfig } from './config.js';
import { countPoison } from './poison.js';
import { rebuildView } from './rebuild.js';

const PROGRESS_MS = 1_000;

/**
 * `rebuild [view]`: one view or all, one after the other. Tells its progress on standard error.
 * @throws UnknownView; ConfigError
 */
export async function rebuildCommand(name: string | undefined, signal: AbortSignal): Promise<void> {
  const views = name === undefined ? VIEWS : VIEWS.filter((view) => view.name === name);
  if (views.length === 0) throw new UnknownView(name);
  const config = readRebuildConfig();
  const logger = createLogger('projections-rebuild');
  const store = connectEventStore({ url: config.eventStoreUrl, logger });
  const database = openDatabase(config.databaseUrl);
  const { onPoison } = countPoison(logger);
  try {
    await prepareViews(database, VIEWS);
    for (const view of views) {
      const progress = reporter(view);
      const rebuilt = await rebuildView({ store, database, view, onPoison, onProgress: progress.tell, signal });
      progress.end(rebuilt.events, rebuilt.position);
    }
  } finally {
    await database.close();
    await store.close();
  }
}

export class UnknownView extends Error {
  override readonly name = 'UnknownView';

  constructor(name: string | undefined) {
    super(`there is no view ${name}; there are: ${VIEWS.map((view) => view.name).join(', ')}`);
  }
}

function reporter({ name }: View): {
  readonly tell: (events: number) => void;
  readonly end: (events: number, position: number) => void;
} {
  const begin = performance.now();
  let told = begin;
  const write = (events: number, rest: string): void => {
    const seconds = Math.max(performance.now() - begin, 1) / 1_000;
    process.stderr.write(`${name}: ${events} events, ${Math.round(events / seconds)} events/s${rest}\n`);
  };
  write(0, ', begun');
  return {
    tell: (events) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      write(events, '');
    },
    end: (events, position) => write(events, `, in use up to position ${position}`),
  };
}
