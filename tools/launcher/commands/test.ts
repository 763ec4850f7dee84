import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type CheckoutPaths, checkoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { sweepDead } from '../process/state-file.js';
import { type Supervisor, openSupervisor } from '../process/supervisor.js';
import { allowTestServers } from '../setup/engine-network.js';
import { provideEngine } from '../setup/engine.js';
import { provideSourceTools } from '../setup/source-tools.js';
import { freePorts } from '../setup/ports.js';
import { providePostgres } from '../setup/postgres.js';
import { findPrograms } from '../setup/programs.js';
import { provideRegistry } from '../setup/registry.js';
import { typescriptEnv } from '../setup/toolchain.js';
import { sharedServersFrom } from '../system/options.js';
import { namedPort } from '../system/system-ports.js';
import type { Command } from './command.js';

/** Tests start servers of their own, which keep the cores busy: more files at once than cores only make each other late. */
const WORKERS = `--maxWorkers=${Math.min(4, Math.max(2, availableParallelism()))}`;

/** Sets up what tests need, then runs jest with the arguments; its exit code is the command's. */
export const test: Command = ({ args, signal }) => withTestServers('test', signal, (run) => run(jestWith(args)));

/** `test/e2e`, or what the arguments name of it, on systems with three nats-servers that are killed in turn. */
export const cluster: Command = ({ args, signal }) => {
  const named = args.some((arg) => !arg.startsWith('-')) ? args : [join('test', 'e2e'), ...args];
  return withTestServers('cluster', signal, (run) => run(jestWith(named), { SLIPWAY_NATS_CLUSTER: 'yes' }));
};

function jestWith(args: readonly string[]): readonly string[] {
  const isTold = args.some((arg) => /^(?:-i|--runInBand|-w|--maxWorkers)/.test(arg));
  return [join('node_modules', 'jest', 'bin', 'jest.js'), ...(isTold ? [] : [WORKERS]), ...args];
}

/** The same set-up, then `test/bench/main.ts` with the names of benches as arguments. */
export const bench: Command = ({ args, signal }) =>
  withTestServers('bench', signal, (run) => run([join('test', 'bench', 'main.ts'), ...args]));

/** The same set-up, then `test/faults/main.ts` with names of scenarios and its options as arguments. */
export const faults: Command = ({ args, signal }) =>
  withTestServers('faults', signal, (run) => run([join('test', 'faults', 'main.ts'), ...args]));

/** Runs Node with these arguments until it ends; resolves to its exit code. */
type RunNode = (args: readonly string[], more?: NodeJS.ProcessEnv) => Promise<number>;

/** Engine and registry are shared by all tests of a run and ended afterwards if they were started for it. */
async function withTestServers(
  command: string,
  signal: AbortSignal,
  work: (run: RunNode) => Promise<number>,
): Promise<number> {
  const paths = checkoutPaths();
  await sweepDead(paths.run);
  const supervisor = openSupervisor({ command, runDir: paths.run });
  const stop = () => void supervisor.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const env = { ...typescriptEnv(paths), ...(await testServers(paths, supervisor)) };
    if (signal.aborted) throw new Problem('stopped');
    return await work(async (args, more) => {
      const child = supervisor.spawn({
        name: command,
        command: process.execPath,
        args,
        cwd: paths.root,
        env: { ...env, ...more },
      });
      return (await child.exited).code;
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await supervisor.stop();
  }
}

/** As variables: programs to start servers with, and servers that run. */
async function testServers(paths: CheckoutPaths, supervisor: Supervisor): Promise<NodeJS.ProcessEnv> {
  const servers = sharedServersFrom(process.env);
  const [port = 0] = await freePorts(1);
  const [programs, engine] = await Promise.all([
    findPrograms(paths, { natsServer: true, registry: true, busybox: true, promtool: true, dockerCompose: true }),
    provideEngine(paths, supervisor, servers.dockerHost),
    provideSourceTools(),
    providePostgres(),
  ]);
  const registry = await provideRegistry(paths, supervisor, {
    port: namedPort('registry', port),
    program: programs.registry,
    given: servers.registry,
  });
  if (engine.cgroup) await allowTestServers(paths, supervisor);
  return {
    SLIPWAY_NATS_SERVER: programs.natsServer,
    SLIPWAY_DOCKER_REGISTRY: programs.registry,
    SLIPWAY_BUSYBOX: programs.busybox,
    SLIPWAY_PROMTOOL: programs.promtool,
    SLIPWAY_DOCKER_COMPOSE: programs.dockerCompose,
    SLIPWAY_DOCKER_HOST: engine.dockerHost,
    ...(engine.cgroup && { SLIPWAY_ENGINE_CGROUP: engine.cgroup }),
    SLIPWAY_REGISTRY_URL: registry.url,
  };
}
