import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type CheckoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { withProgress } from '../progress.js';
import type { RunningChild, Supervisor } from '../process/supervisor.js';
import { withLock } from '../process/lock.js';
import { becomesTrue } from '../process/wait.js';
import { findOnPath, isRoot } from './command.js';
import { installDebianPackages } from './debian.js';
import { DEFAULT_SOCKET, pingEngine } from './docker-host.js';
import { type CommandLine, closeEngine } from './engine-network.js';
import { cgroupOf, prepareBridge, prepareCgroup } from './engine-sandbox.js';

export interface Engine {
  readonly dockerHost: string;
  /** Where it comes from, for a person. */
  readonly origin: string;
  /** What all its steps run below; unknown of an engine that is not ours. */
  readonly cgroup?: string;
}

/** dockerd fails without iptables; both are installed when there is no engine at all. */
const PACKAGES = ['docker.io', 'iptables'] as const;
const START_LIMIT_MS = 60_000;
const CONTAINERD_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 15_000;

/** The directory of the runc that sees to it that no step survives its memory limit. */
const RUNC_OF_STEPS = join(ROOT, 'deploy', 'engine');

/** Step logs longer or faster than this are clipped by BuildKit; what is sound was measured. Source: docs/adr/0005. */
const LOG_LIMITS = { BUILDKIT_STEP_LOG_MAX_SIZE: '1073741824', BUILDKIT_STEP_LOG_MAX_SPEED: '1048576' };

/**
 * The given DOCKER_HOST, else the machine's own engine, else one of ours: that of another command of this checkout when it runs,
 * a new one under `supervisor` otherwise, with Debian's packages installed first when there are none.
 * @throws Problem with what to do about it
 */
export async function provideEngine(
  paths: CheckoutPaths,
  supervisor: Supervisor,
  given: string | undefined,
): Promise<Engine> {
  const engine = given
    ? await useGiven(given)
    : await withLock(
        join(paths.run, 'engine.lock'),
        async () => (await findRunning(paths)) ?? provideOwn(paths, supervisor),
      );
  return engine.dockerHost === ownDockerHost(paths) ? { ...engine, cgroup: cgroupOf(paths) } : engine;
}

async function provideOwn(paths: CheckoutPaths, supervisor: Supervisor): Promise<Engine> {
  if (!isRoot()) throw new Problem(await whatToDoWithoutRoot());
  if (!findOnPath('dockerd') || !findOnPath('containerd') || !findOnPath('iptables')) {
    await installDebianPackages(PACKAGES);
    const started = await findRunning(paths); // where systemd runs, installing starts it
    if (started) return started;
  }
  return startEngine(paths, supervisor);
}

async function useGiven(dockerHost: string): Promise<Engine> {
  const ping = await pingEngine(dockerHost);
  if (ping.state === 'answers') return { dockerHost, origin: 'DOCKER_HOST' };
  const why = ping.state === 'forbidden' ? 'this user may not open it' : ping.why;
  throw new Problem(
    `no container engine answers at DOCKER_HOST=${dockerHost} (${why}): start it, or unset the variable.`,
  );
}

async function findRunning(paths: CheckoutPaths): Promise<Engine | undefined> {
  const places = [
    { dockerHost: `unix://${DEFAULT_SOCKET}`, origin: 'the default socket' },
    { dockerHost: ownDockerHost(paths), origin: 'another command of this checkout' },
  ];
  for (const place of places) if ((await pingEngine(place.dockerHost)).state === 'answers') return place;
  return undefined;
}

const ownDockerHost = (paths: CheckoutPaths): string => `unix://${join(paths.sockets, 'docker.sock')}`;

async function whatToDoWithoutRoot(): Promise<string> {
  const { state } = await pingEngine(`unix://${DEFAULT_SOCKET}`);
  if (state === 'forbidden')
    return `a container engine runs, but this user may not open ${DEFAULT_SOCKET}: join the group docker, set DOCKER_HOST, or run this as root.`;
  return 'no container engine runs and this user is not root: start Docker and set DOCKER_HOST to its socket, or run this as root.';
}

/** containerd and dockerd with everything of theirs under the state directory, so that no other engine is disturbed. */
async function startEngine(paths: CheckoutPaths, supervisor: Supervisor): Promise<Engine> {
  supervisor.leave({ kind: 'path', path: paths.sockets });
  supervisor.leave({ kind: 'mounts', under: paths.sockets });
  supervisor.leave({ kind: 'mounts', under: paths.engine });
  rmSync(paths.sockets, { recursive: true, force: true });
  for (const directory of [paths.engine, paths.sockets]) mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(paths.sockets, 0o700);
  const closed = await closeEngine(paths, supervisor);
  const containerd = startContainerd(paths, supervisor, closed);
  await becomesTrue(() => existsSync(containerd.address), { limitMs: CONTAINERD_LIMIT_MS }); // else dockerd backs off
  const network = await prepareBridge(paths, supervisor);
  const [command, ...args] = closed([
    required('dockerd'),
    ...[
      ['--host', ownDockerHost(paths)],
      ['--containerd', containerd.address],
      ['--data-root', join(paths.engine, 'docker')],
      ['--exec-root', join(paths.sockets, 'docker')],
      ['--pidfile', join(paths.sockets, 'dockerd.pid')],
      ['--cgroup-parent', prepareCgroup(paths, supervisor)],
      ['--exec-opt', 'native.cgroupdriver=cgroupfs'],
      ['--config-file', emptyConfig(paths)],
      ['--shutdown-timeout', '5'],
      network,
    ].flat(),
  ]);
  const dockerd = supervisor.spawn({
    name: 'dockerd',
    command,
    args,
    env: { ...process.env, ...LOG_LIMITS, PATH: `${RUNC_OF_STEPS}:${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    logFile: join(paths.log, 'dockerd.log'),
    graceMs: STOP_LIMIT_MS,
  });
  await withProgress('starting the container engine', () => answers(paths, [containerd.child, dockerd]));
  return { dockerHost: ownDockerHost(paths), origin: "this checkout's own dockerd" };
}

function startContainerd(
  paths: CheckoutPaths,
  supervisor: Supervisor,
  closed: (commandLine: CommandLine) => CommandLine,
): { readonly child: RunningChild; readonly address: string } {
  const directory = join(paths.sockets, 'containerd');
  mkdirSync(directory, { recursive: true });
  const address = join(directory, 'containerd.sock');
  const config = join(directory, 'containerd.toml');
  writeFileSync(
    config,
    [
      'version = 2',
      `root = ${JSON.stringify(join(paths.engine, 'containerd'))}`,
      `state = ${JSON.stringify(join(directory, 'state'))}`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]', // Kubernetes' part; it would look for networks of its own
      `[grpc]\naddress = ${JSON.stringify(address)}\n`,
    ].join('\n'),
  );
  const [command, ...args] = closed([required('containerd'), '--config', config]);
  const child = supervisor.spawn({
    name: 'containerd',
    command,
    args,
    logFile: join(paths.log, 'containerd.log'),
    graceMs: STOP_LIMIT_MS,
  });
  return { child, address };
}

/** The machine's /etc/docker/daemon.json speaks of another engine. */
function emptyConfig(paths: CheckoutPaths): string {
  const file = join(paths.sockets, 'daemon.json');
  writeFileSync(file, '{}');
  return file;
}

async function answers(paths: CheckoutPaths, children: readonly RunningChild[]): Promise<void> {
  const died = Promise.race(children.map(async (child) => (await child.exited, child.name)));
  const ready = becomesTrue(async () => (await pingEngine(ownDockerHost(paths))).state === 'answers', {
    limitMs: START_LIMIT_MS,
    everyMs: 50,
  });
  const outcome = await Promise.race([died, ready]);
  if (outcome === true) return;
  const why = outcome === false ? `did not answer within ${START_LIMIT_MS / 1000} s` : `${outcome} ended at once`;
  throw new Problem(
    `the container engine did not start (${why}): see ${join(paths.log, 'dockerd.log')}, or set DOCKER_HOST.`,
  );
}

function required(name: string): string {
  const file = findOnPath(name);
  if (!file) throw new Problem(`${name} is not on PATH although its package is installed.`);
  return file;
}
