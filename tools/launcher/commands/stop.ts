import { checkoutPaths } from '../paths.js';
import { runningLaunchers, stopLauncher, sweepDead } from '../process/state-file.js';
import { say, withProgress } from '../progress.js';
import type { Command } from './command.js';

/** Stops every command of this checkout that runs, and cleans up after those that were killed. */
export const stop: Command = async () => {
  const { run } = checkoutPaths();
  const launchers = runningLaunchers(run);
  for (const launcher of launchers) {
    await withProgress(`stopping ${launcher.command}`, () => stopLauncher(launcher));
    say(`${launcher.command} stopped`);
  }
  await sweepDead(run);
  if (launchers.length === 0) say('nothing of this checkout is running');
  return 0;
};
