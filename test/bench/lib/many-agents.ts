import { once } from 'node:events';
import { join } from 'node:path';
import { silentLogger } from '@slipway/platform';
import { startAgent } from '../../../apps/build-agent/src/agent.js';
import { Env } from '../../../apps/build-agent/src/config.js';

/**
 * `many-agents.ts <from> <to>`: agents of these numbers in one process, each with one slot and a connection of its own,
 * as if each had a machine. Says `ready` once all take jobs; stops at SIGTERM.
 */
const [from = 0, to = 0] = process.argv.slice(2).map(Number);
const states = process.env['BENCH_AGENTS_DIR'] ?? '';
const stopping = once(process, 'SIGTERM');

const agents: { readonly abort: AbortController; readonly stop: () => Promise<void> }[] = [];
for (let number = from; number < to; number++) {
  const id = `bench-agent-${number}`;
  const config = Env.parse({
    ...process.env,
    AGENT_ID: id,
    AGENT_STATE_DIR: join(states, id),
    AGENT_SLOTS: '1',
    BUILDER: 'dummy',
    DUMMY_STEPS: '1',
    DUMMY_LINES: '0',
  });
  const abort = new AbortController();
  const { stop } = await startAgent(config, { logger: silentLogger, signal: abort.signal });
  agents.push({ abort, stop });
}
process.stdout.write('ready\n');
await stopping;
await Promise.all(
  agents.map(({ abort, stop }) => {
    abort.abort();
    return stop();
  }),
);
process.exit(0);
