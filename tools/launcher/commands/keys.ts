import { checkoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { sweepDead } from '../process/state-file.js';
import { openSupervisor } from '../process/supervisor.js';
import { readAddresses } from '../system/address-file.js';
import { bundleApps, bundlePath } from '../system/bundle.js';
import { openState } from '../system/state.js';
import type { Command } from './command.js';

/** `npm run keys -- rotate`: the repository app on the event store of the running system. */
export const keys: Command = async ({ args, signal }) => {
  const paths = checkoutPaths();
  await sweepDead(paths.run); // a system that was killed has left its addresses
  const system = readAddresses(paths.state);
  if (!system) throw new Problem('no system of this checkout runs: npm start first.');
  const { EVENTSTORE_URL } = system;
  await bundleApps(paths, ['repository']);
  const supervisor = openSupervisor({ command: 'keys', runDir: paths.run });
  const stop = () => void supervisor.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const child = supervisor.spawn({
      name: 'keys',
      command: process.execPath,
      args: ['--enable-source-maps', bundlePath(paths, 'repository'), 'keys', ...args],
      cwd: paths.root,
      env: { ...process.env, EVENTSTORE_URL, SLIPWAY_SECRET_KEY: openState(paths.state).secretKey },
    });
    return (await child.exited).code;
  } finally {
    await supervisor.stop();
  }
};
