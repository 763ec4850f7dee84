import { z } from 'zod';
import { readEnv } from './config.js';
import { runService } from './run-service.js';

// A service that tests start: `MODE` says how it lives.
await runService('notifier', async ({ signal }) => {
  const { MODE } = readEnv(
    z.object({
      MODE: z.enum(['well', 'bad-start', 'bad-promise', 'slow-start', 'slow-drain']),
      PORT: z.coerce.number(),
    }),
  );
  if (MODE === 'bad-start') throw new Error('cannot start');
  if (MODE === 'slow-start') {
    process.stdout.write('starting\n');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  if (MODE === 'bad-promise') setTimeout(() => void Promise.reject(new Error('nobody caught this')), 10);
  const alive = setInterval(() => {}, 1_000);
  return {
    ...(MODE === 'slow-drain' && {
      drain: () => {
        process.stdout.write(`draining: ${signal.aborted}\n`);
        return new Promise<void>(() => {});
      },
    }),
    stop: async () => {
      clearInterval(alive);
      process.stdout.write(`stopped: ${signal.aborted}\n`);
    },
  };
});
