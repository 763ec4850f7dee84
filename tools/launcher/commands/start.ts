import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { runningLaunchers } from '../process/state-file.js';
import { say } from '../progress.js';
import { serversFrom } from '../system/options.js';
import { withoutPassword } from '../setup/url.js';
import { type RunningSystem, startSystem } from '../system/start-system.js';
import { portsFrom } from '../system/system-ports.js';
import type { Command } from './command.js';
import { deathOrStop } from './life.js';

/** Commands that run the one system of a checkout, on its fixed ports and state. */
const SYSTEM_COMMANDS = ['start', 'demo'];

/** The whole system until Ctrl-C. */
export const start: Command = async ({ signal }) => {
  const paths = checkoutPaths();
  refuseSecond(paths.run);
  const tokenFile = join(paths.state, 'admin-token');
  const isFirst = !existsSync(tokenFile);
  const startedAt = Date.now();
  const system = await startSystem({
    stateDir: paths.state,
    ports: portsFrom(process.env),
    servers: serversFrom(process.env),
    command: 'start',
    signal,
  });
  try {
    describe(system, { tokenFile, isFirst, seconds: (Date.now() - startedAt) / 1000 });
    return await deathOrStop(system, signal);
  } finally {
    say('stopping');
    await system.stop();
  }
};

/** @throws Problem when the system of this checkout runs already */
export function refuseSecond(runDir: string): void {
  const other = runningLaunchers(runDir).find(({ command }) => SYSTEM_COMMANDS.includes(command));
  if (other)
    throw new Problem(
      `npm run ${other.command} of this checkout is running already (pid ${other.launcher.pid}): use it, or end it with npm stop.`,
    );
}

function describe(
  { urls, adminToken, stateDir }: RunningSystem,
  start: { readonly tokenFile: string; readonly isFirst: boolean; readonly seconds: number },
): void {
  const lines = [
    '',
    `Slipway is ready after ${start.seconds.toFixed(1)} s.`,
    '',
    `  API         ${urls.api}/v1`,
    `  registry    ${withoutPassword(urls.registry)}`,
    `  engine      ${urls.dockerHost ?? 'none'}`,
    `  logs        ${join(stateDir, 'log')}`,
    `  admin token ${start.tokenFile}${start.isFirst ? `\n              ${adminToken}  (shown this once)` : ''}`,
    '',
    `  curl -H "Authorization: Token $(cat '${start.tokenFile}')" ${urls.api}/v1/builds`,
    '',
    'Ctrl-C or npm stop ends it.',
    '',
  ];
  process.stdout.write(lines.join('\n'));
}
