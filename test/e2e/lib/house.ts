import { randomUUID } from 'node:crypto';
import { importBusyboxImage, startGitServer, temporaryDirectory, type GitServer } from '@slipway/testing';
import Docker from 'dockerode';
import type { SystemOptions } from '../../../tools/launcher/system/options.js';
import { startSystem, type RunningSystem } from '../../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from './api.js';
import { connectRegistry, type RegistryView } from './registry.js';

/** For FROM. */
export const BASE = 'slipway-test/busybox:1';

/** The whole system as real processes, a git server beside it, and what the truth is checked against. */
export interface House {
  readonly system: RunningSystem;
  readonly api: Api;
  readonly git: GitServer;
  readonly registry: RegistryView;
  readonly docker: Docker;
  /** A name that nothing else in the registry and the engine has. */
  readonly freshName: (what: string) => string;
  readonly stop: () => Promise<void>;
}

export async function openHouse(options: Partial<SystemOptions> = {}): Promise<House> {
  const state = temporaryDirectory();
  const system = await startSystem({ stateDir: state.path, command: 'e2e', ...options });
  const docker = connectDocker(system.urls.dockerHost);
  const [git] = await Promise.all([startGitServer(), importBusyboxImage(docker, baseImage())]);
  return {
    system,
    git,
    docker,
    api: connectApi(system.urls.api, system.adminToken),
    registry: connectRegistry(system.urls.registry),
    freshName: (what) => `${what}-${randomUUID().slice(0, 8)}`,
    stop: async () => {
      await Promise.all([system.stop(), git.stop()]);
      state.remove();
    },
  };
}

function baseImage(): { repo: string; tag: string } {
  const [repo = '', tag = ''] = BASE.split(':');
  return { repo, tag };
}

/** @param dockerHost `unix:///path` or `tcp://host:port` */
function connectDocker(dockerHost: string | undefined): Docker {
  if (dockerHost === undefined) throw new Error('this system runs no engine');
  if (dockerHost.startsWith('unix://')) return new Docker({ socketPath: dockerHost.slice('unix://'.length) });
  const { hostname, port } = new URL(dockerHost);
  return new Docker({ host: hostname, port });
}
