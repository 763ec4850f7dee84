import { checkoutPaths } from '../paths.js';
import { openSupervisor } from '../process/supervisor.js';
import { say } from '../progress.js';
import { allowRegistry } from '../setup/engine-network.js';
import { provideEngine } from '../setup/engine.js';
import { findPrograms } from '../setup/programs.js';
import { provideRegistry } from '../setup/registry.js';
import { serversFrom } from '../system/options.js';
import { namedPort, portsFrom } from '../system/system-ports.js';
import type { Command } from './command.js';
import { deathOrStop } from './life.js';

/** Only the container engine and the registry, until stopped: for work on one service. */
export const engine: Command = async ({ signal }) => {
  const paths = checkoutPaths();
  const supervisor = openSupervisor({ command: 'engine', runDir: paths.run });
  try {
    const servers = serversFrom(process.env);
    const port = namedPort('registry', portsFrom(process.env).registry);
    const needed = { natsServer: false, registry: !servers.registry, busybox: false };
    const program = (await findPrograms(paths, needed)).registry;
    const [found, registry] = await Promise.all([
      provideEngine(paths, supervisor, servers.dockerHost),
      provideRegistry(paths, supervisor, { port, program, given: servers.registry }),
    ]);
    if (found.cgroup) await allowRegistry(paths, supervisor, registry.url);
    say(`container engine (${found.origin}), registry (${registry.origin}); Ctrl-C or npm stop ends what was started`);
    process.stdout.write(`DOCKER_HOST=${found.dockerHost}\nREGISTRY_URL=${registry.url}\n`);
    return await deathOrStop(supervisor, signal);
  } finally {
    await supervisor.stop();
  }
};
