import { connectEventStore } from '@slipway/event-store';
import { checkConnection, connectNats } from '@slipway/messaging';
import { runService, startHealthServer } from '@slipway/platform';
import { readConfig } from './config.js';
import { startRepository } from './service.js';

const showToken = (token: string): void => void process.stdout.write(`The administrator's token: ${token}\n`);

await runService('repository', async ({ logger, signal }) => {
  const config = readConfig();
  const store = connectEventStore({ url: config.eventStoreUrl, logger });
  const nats = await connectNats({ url: config.natsUrl, name: 'repository' });
  let serving = false;
  const health = await startHealthServer({
    ...config.health,
    checks: {
      eventStore: () => store.ping().then(() => undefined),
      nats: () => checkConnection(nats),
      commands: () => (serving ? undefined : 'not served yet'),
    },
  });
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
