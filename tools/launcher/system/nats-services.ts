import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNats } from '../setup/nats-server.js';
import { freePorts } from '../setup/ports.js';
import type { Service } from './service.js';
import type { SystemState } from './state.js';

interface Server {
  readonly name: string;
  readonly port: number;
  /** What makes it one of a cluster, as lines of its configuration. */
  readonly cluster: string;
}

/** The nats-servers of one system: loopback only, their JetStream files in the state directory. The first has the port. */
export async function natsServices(
  state: SystemState,
  program: string,
  { port, servers }: { readonly port: number; readonly servers: number },
): Promise<readonly Service[]> {
  if (servers === 1) return [natsService(state, program, { name: 'nats', port, cluster: '' })];
  const [others, routes] = [await freePorts(servers - 1), await freePorts(servers)];
  const known = routes.map((route) => `nats-route://127.0.0.1:${route}`);
  return [port, ...others].map((own, index) => {
    const name = `nats-${index + 1}`;
    const cluster = `server_name: ${name}\ncluster { name: slipway, listen: "127.0.0.1:${routes[index]}", routes: ${JSON.stringify(known)} }\n`;
    return natsService(state, program, { name, port: own, cluster });
  });
}

function natsService(state: SystemState, program: string, { name, port, cluster }: Server): Service {
  const directory = name === 'nats' ? state.natsDir : join(state.natsDir, name);
  mkdirSync(directory, { recursive: true });
  const config = join(directory, 'nats.conf');
  const store = join(directory, 'jetstream');
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${JSON.stringify(store)} }\n${cluster}`);
  const url = `nats://127.0.0.1:${port}`;
  return {
    name,
    url,
    needs: [],
    child: { command: program, args: ['-c', config], logFile: join(state.logDir, `${name}.log`) },
    isReady: async () => {
      await checkNats(url);
      return true;
    },
  };
}
