import { runService } from '@slipway/platform';
import { runCommand } from './commands.js';
import { readServerConfig } from './config.js';
import { keepHeapSmall } from './heap.js';
import { serve } from './serve.js';

const [command = 'serve', ...rest] = process.argv.slice(2);
if (command === 'serve') {
  keepHeapSmall();
  await runService('event-store', ({ logger }) => serve(readServerConfig(), logger));
} else {
  process.exitCode = runCommand([command, ...rest], (line) => process.stdout.write(`${line}\n`));
}
