import { connectEventStore } from '@slipway/event-store';
import { checkConnection, connectNats } from '@slipway/messaging';
import { ConfigError, runService, startHealthServer } from '@slipway/platform';
import { readConfig } from './config.js';
import { keysCommand } from './keys.command.js';
import { startRepository } from './service.js';

const EX_USAGE = 64;
const EX_CONFIG = 78;

const command = process.argv.slice(2).join(' ');
if (command === '') await serve();
else if (command === 'keys rotate') await rotateKeys();
else fail(EX_USAGE, `unknown command ${command}; there is: keys rotate`);

async function rotateKeys(): Promise<void> {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => abort.abort(new Error(`stopped by ${name}; run it again`)));
  try {
    process.exitCode = await keysCommand(abort.signal);
  } catch (error) {
    if (error instanceof ConfigError) fail(EX_CONFIG, error.message);
    else fail(1, error instanceof Error ? error.message : String(error));
  }
}

function fail(code: number, message: string): void {
  process.stderr.write(`repository: ${message}\n`);
  process.exitCode = code;
}

async function serve(): Promise<void> {
  const showToken = (token: string): void => void process.stdout.write(`The administrator's token: ${token}\n`);
  await runService('repository', async ({ logger, signal }) => {
    const config = readConfig();
    const store = connectEventStore({ url: config.eventStoreUrl, logger });
    const nats = await connectNats({ url: config.natsUrl, name: 'repository' });
    let serving = false;
    const health = await startHealthServer({
      ...config.health,
      checks: {
        'event-store': () => store.ping().then(() => undefined),
        nats: () => checkConnection(nats),
        commands: () => (serving ? undefined : 'not served yet'),
      },
    });
    logger.info({ healthPort: health.port }, 'health served');
    const commands = await startRepository({
      config,
      store,
      nats,
      logger,
      signal,
      ...(process.stdout.isTTY && { showToken }),
    });
    serving = true;
    return {
      stop: async () => {
        await commands.stop();
        await nats.drain();
        await store.close();
        await health.close();
      },
    };
  });
}
