import { checkoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { sweepDead } from '../process/state-file.js';
import { openSupervisor } from '../process/supervisor.js';
import { readAddresses } from '../system/address-file.js';
import { bundleApps, bundlePath } from '../system/bundle.js';
import type { Command } from './command.js';

/** `npm run projections -- rebuild [name]`: the projections app on the stores of the running system. */
export const projections: Command = async ({ args, signal }) => {
  const paths = checkoutPaths();
  await sweepDead(paths.run); // a system that was killed has left its addresses
  const system = readAddresses(paths.state);
  if (!system) throw new Problem('no system of this checkout runs: npm start first.');
  const { NATS_URL, EVENTSTORE_URL, DATABASE_URL } = system;
  await bundleApps(paths, ['projections']);
  const supervisor = openSupervisor({ command: 'projections', runDir: paths.run });
  const stop = () => void supervisor.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const child = supervisor.spawn({
      name: 'projections',
      command: process.execPath,
      args: ['--enable-source-maps', bundlePath(paths, 'projections'), ...args],
      cwd: paths.root,
      env: { ...process.env, NATS_URL, EVENTSTORE_URL, DATABASE_URL },
    });
    return (await child.exited).code;
  } finally {
    await supervisor.stop();
  }
};
