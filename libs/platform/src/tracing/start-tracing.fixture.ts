import { registerHooks } from 'node:module';

// A service that does one thing under a span, says which modules it has loaded, and waits to be stopped.
const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
const { createLogger, runService, traced } = await import('../index.js');
const SPANS_MADE = Number(process.env['SPANS_MADE'] ?? 1);
await runService('notifier', async () => {
  for (let index = 0; index < SPANS_MADE; index++)
    await traced('work', { isRoot: true, attributes: { 'slipway.build_id': String(index) } }, async () => {
      if (index === 0) createLogger('fixture').info({}, 'at work');
    });
  const ours = loaded.filter((url) => url.includes('/node_modules/@opentelemetry/'));
  process.stdout.write(`loaded: ${ours.length} ${ours.some((url) => url.includes('/sdk-node/'))}\n`);
  const alive = setInterval(() => {}, 1_000);
  return { stop: async () => clearInterval(alive) };
});
