import { Socket } from 'node:net';
import type { Command } from './commands/command.js';
import { Problem } from './problem.js';
import { say } from './progress.js';

/** Loaded when asked for: half of a quick command's time would be other commands' imports. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.js')).start,
  stop: async () => (await import('./commands/stop.js')).stop,
  demo: async () => (await import('./commands/demo.js')).demo,
  test: async () => (await import('./commands/test.js')).test,
  cluster: async () => (await import('./commands/test.js')).cluster,
  bench: async () => (await import('./commands/test.js')).bench,
  faults: async () => (await import('./commands/test.js')).faults,
  projections: async () => (await import('./commands/projections.js')).projections,
  keys: async () => (await import('./commands/keys.js')).keys,
  check: async () => (await import('./commands/check.js')).check,
  client: async () => (await import('./commands/client.js')).client,
  engine: async () => (await import('./commands/engine.js')).engine,
};

const [name = '', ...args] = process.argv.slice(2);
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => abort.abort(new Problem(`stopped by ${signal}`))); // more than one of them is one
watchParent(() => abort.abort(new Problem('the process that started this has ended')));

process.exit(await main());

async function main(): Promise<number> {
  const load = COMMANDS[name];
  if (!load) {
    say(`unknown command "${name}": one of ${Object.keys(COMMANDS).join(', ')}.`);
    return 2;
  }
  try {
    const command = await load();
    return await command({ args, signal: abort.signal });
  } catch (error) {
    if (error instanceof Problem) say(error.message);
    else say(`unexpected failure: ${error instanceof Error ? error.stack : String(error)}`);
    return 1;
  }
}

/** The bootstrap holds the other end of a pipe: its end is the end of the bootstrap. */
function watchParent(ended: () => void): void {
  const fd = Number(process.env['SLIPWAY_PARENT_FD']);
  delete process.env['SLIPWAY_PARENT_FD']; // for this process alone
  if (!fd) return;
  new Socket({ fd, readable: true, writable: false }).on('end', ended).on('error', ended).resume().unref();
}
