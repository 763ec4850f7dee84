import { temporaryDirectory } from '@slipway/testing';
import { startSystem, type RunningSystem } from '../../../tools/launcher/system/start-system.js';
import type { SystemOptions } from '../../../tools/launcher/system/options.js';
import { connectApi, type Api } from '../../e2e/lib/api.js';

/** The whole system with agents that run no engine: what is measured is everything around a builder. */
export interface DummyHouse {
  readonly system: RunningSystem;
  readonly api: Api;
  /** `<namespace>/<name>` of an image repository whose builds are made by the agents of this build node. */
  readonly createRepository: (path: string, buildNode?: string) => Promise<void>;
}

/** Runs `work` in a house of its own; nothing is left of it afterwards. */
export async function inDummyHouse(
  options: Pick<SystemOptions, 'agents' | 'env'>,
  work: (house: DummyHouse) => Promise<void>,
): Promise<void> {
  const state = temporaryDirectory();
  const system = await startSystem({ stateDir: state.path, command: 'bench', builder: 'dummy', ...options });
  try {
    const api = connectApi(system.urls.api, system.adminToken);
    const cloneUrl = 'http://127.0.0.1/not-fetched.git'; // the dummy source reads nothing
    const createRepository: DummyHouse['createRepository'] = async (path, buildNode = 'in') => {
      await api.createRepository(path, { cloneUrl, buildNode });
    };
    await work({ system, api, createRepository });
  } finally {
    await system.stop();
    state.remove();
  }
}
