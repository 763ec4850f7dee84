import { commitStatusChannel } from './commit-status/commit-status.channel.js';
import { egressTo } from '@slipway/egress';
import { connectEventStore } from '@slipway/event-store';
import { runService, startHealthServer } from '@slipway/platform';
import { activeRecords, openDatabase } from '@slipway/read-model';
import { readConfig } from './config.js';
import { hookChannel } from './hooks/hook.channel.js';
import { postOver } from './hooks/post.js';
import { mailChannel } from './mail/mail.channel.js';
import { startNotifier } from './service.js';

await runService('notifier', async ({ logger, signal }) => {
  const config = readConfig();
  const store = connectEventStore({ url: config.eventStoreUrl, logger });
  const egress = egressTo({ privateHosts: config.privateHosts });
  const mail = mailChannel({ store, publicUrl: config.publicUrl, settings: config.mail });
  const database = config.databaseUrl === undefined ? undefined : openDatabase(config.databaseUrl);
  const notifier = startNotifier({
    store,
    active: database && activeRecords(database, 'notifier'),
    channels: {
      hook: hookChannel({ store, secretKeys: config.secretKeys, publicUrl: config.publicUrl, post: postOver(egress) }),
      mail,
      'commit-status': commitStatusChannel({ store, ...config, apis: config.codeHostApis, egress }),
    },
    mails: config.mail !== undefined,
    logger,
    signal,
  });
  const health = await startHealthServer({
    ...config.health,
    checks: {
      'event-store': () => store.ping().then(() => undefined),
      notifier: () => notifier.problem(),
    },
    role: notifier.role,
  });
  logger.info({ healthPort: health.port, mails: config.mail !== undefined }, 'health served');
  return {
    stop: async () => {
      await notifier.done;
      await store.close();
      await database?.close();
      await health.close();
    },
  };
});
