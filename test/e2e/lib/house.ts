import { randomUUID } from 'node:crypto';
import { importBusyboxImage, startGitServer, temporaryDirectory, type GitServer } from '@slipway/testing';
import type Docker from 'dockerode';
import type { RunningSystem } from '../../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from './api.js';
import { startTestSystem, type TestSystemOptions } from './cluster.js';
import { connectDocker } from './engine.js';
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

export async function openHouse(options: Partial<TestSystemOptions> = {}): Promise<House> {
  const state = temporaryDirectory();
  const system = await startTestSystem({ stateDir: state.path, command: 'e2e', ...options });
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
