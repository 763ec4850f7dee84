import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import type { Death } from '../process/death.js';
import type { Thing } from '../process/leftovers.js';
import { runningLaunchers, sweepDead } from '../process/state-file.js';
import { openSupervisor } from '../process/supervisor.js';
import { readAddresses } from '../system/address-file.js';
import { serversFrom } from '../system/options.js';
import { startSystem } from '../system/start-system.js';
import { portsFrom } from '../system/system-ports.js';

/** The Slipway that the demo uses: one that runs already, or one of its own. */
export interface DemoSystem {
  readonly isOurs: boolean;
  readonly api: string;
  readonly registry: string; // may hold a user and a password
  readonly dockerHost: string;
  readonly tokenFile: string;
  readonly token: string;
  /** Something to remove, whatever becomes of this process; said before it is made. */
  readonly leave: (thing: Thing) => void;
  readonly onDeath: (listener: (death: Death) => void) => void;
  /** Ends what was started for the demo and removes what it left. */
  readonly stop: () => Promise<void>;
}

/** @throws Problem with what to do about it */
export async function openSystem(paths: CheckoutPaths, signal: AbortSignal): Promise<DemoSystem> {
  await sweepDead(paths.run); // the addresses of a system that was killed
  const running = runningLaunchers(paths.run).map(({ command }) => command);
  if (running.includes('demo'))
    throw new Problem('npm run demo of this checkout is running already: wait for its end, or end it with npm stop.');
  return running.includes('start') ? joinSystem(paths) : ownSystem(paths, signal);
}

function joinSystem(paths: CheckoutPaths): DemoSystem {
  const found = readAddresses(paths.state);
  if (!found?.DOCKER_HOST) throw new Problem('npm start of this checkout is not ready yet: try again in a moment.');
  const { API_URL: api, REGISTRY_URL: registry, DOCKER_HOST: dockerHost } = found;
  const token = adminToken(paths);
  const { leave, onDeath, stop } = openSupervisor({ command: 'demo', runDir: paths.run });
  return { isOurs: false, api, registry, dockerHost, ...token, leave, onDeath, stop };
}

async function ownSystem(paths: CheckoutPaths, signal: AbortSignal): Promise<DemoSystem> {
  const system = await startSystem({
    stateDir: paths.state,
    ports: portsFrom(process.env),
    servers: serversFrom(process.env),
    agents: 2,
    command: 'demo',
    signal,
  });
  const { leave, onDeath, stop } = system;
  try {
    const { api, registry, dockerHost } = system.urls;
    if (dockerHost === undefined) throw new Error('a system that builds has no engine');
    return { isOurs: true, api, registry, dockerHost, ...adminToken(paths), leave, onDeath, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function adminToken({ state }: CheckoutPaths): Pick<DemoSystem, 'tokenFile' | 'token'> {
  const tokenFile = join(state, 'admin-token');
  if (!existsSync(tokenFile))
    throw new Problem(`there is no ${tokenFile}: the event store in use got its administrator elsewhere.`);
  return { tokenFile, token: readFileSync(tokenFile, 'utf8').trim() };
}
