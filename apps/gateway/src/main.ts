import { egressTo } from '@slipway/egress';
import { connectNats } from '@slipway/messaging';
import { runService, startHealthServer } from '@slipway/platform';
import { openReadModel } from '@slipway/read-model';
import { readConfig } from './config.js';
import { checksOf, startGateway } from './gateway.js';

await runService('gateway', async ({ logger }) => {
  const config = readConfig();
  const readModel = openReadModel(config.databaseUrl, { readOnly: true });
  const nats = await connectNats({ url: config.natsUrl, name: 'gateway' });
  const gateway = await startGateway({ config, egress: egressTo(config), nats, readModel, logger });
  const metrics = await startHealthServer({ ...config.metrics, checks: checksOf({ nats, readModel }) });
  logger.info({ url: gateway.url, metricsPort: metrics.port }, 'gateway listens');
  return {
    stop: async () => {
      await gateway.stop();
      await metrics.close();
      await nats.drain();
      await readModel.close();
    },
  };
});
