import { connectEventStore } from '@slipway/event-store';
import { checkConnection, connectNats } from '@slipway/messaging';
import { ConfigError, runService, startHealthServer } from '@slipway/platform';
import { checkpointQueries, openDatabase, VIEWS } from '@slipway/read-model';
import { readConfig } from './config.js';
import { announceOn } from './hints.js';
import { rebuildCommand, UnknownView } from './rebuild.command.js';
import { startProjections } from './service.js';

const EX_USAGE = 64;
const EX_CONFIG = 78;

const [command, view] = process.argv.slice(2);
if (command === undefined) await serve();
else if (command === 'rebuild') await rebuild();
else fail(EX_USAGE, `projections: unknown command ${command}; there is: rebuild [view]`);

async function serve(): Promise<void> {
  await runService('projections', async ({ logger, signal }) => {
    const config = readConfig();
    const store = connectEventStore({ url: config.eventStoreUrl, logger });
    const database = openDatabase(config.databaseUrl);
    const nats = await connectNats({ url: config.natsUrl, name: 'projections' });
    const checkpoints = checkpointQueries(database);
    const projections = startProjections({
      store,
      database,
      views: VIEWS,
      announce: announceOn(nats),
      logger,
      signal,
    });
    const health = await startHealthServer({
      ...config.health,
      checks: {
        'event-store': () => store.ping().then(() => undefined),
        nats: () => checkConnection(nats),
        'read-model': async () => {
          const problem = await checkpoints.problem();
          return projections.role() === 'standby' ? undefined : problem; // the active one may be of an older version
        },
        projections: () => projections.problem(),
      },
      role: projections.role,
    });
    logger.info({ healthPort: health.port }, 'health served');
    return {
      stop: async () => {
        await projections.done;
        await nats.close(); // hints may be lost; a drain would wait for a server that is away
        await store.close();
        await database.close();
        await health.close();
      },
    };
  });
}

async function rebuild(): Promise<void> {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => abort.abort(new Error(`stopped by ${name}; nothing was changed`)));
  try {
    await rebuildCommand(view, abort.signal);
  } catch (error) {
    if (error instanceof UnknownView) fail(EX_USAGE, `projections: ${error.message}`);
    else if (error instanceof ConfigError) fail(EX_CONFIG, `projections: ${error.message}`);
    else fail(1, `projections: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fail(code: number, message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}
