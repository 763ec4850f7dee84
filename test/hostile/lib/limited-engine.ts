import type Docker from 'dockerode';
import { importBusyboxImage, temporaryDirectory } from '@slipway/testing';
import { BASE, engine as connect } from '../../../apps/build-agent/src/builder/testing/engine-fixture.js';
import { checkoutPaths } from '../../../tools/launcher/paths.js';
import { openSupervisor } from '../../../tools/launcher/process/supervisor.js';
import { provideEngine } from '../../../tools/launcher/setup/engine.js';

export interface LimitedEngine {
  readonly docker: Docker;
  /** As an agent is told it. */
  readonly cgroup: string;
  readonly stop: () => Promise<void>;
}

/** An engine that no agent of another test watches: each holds all steps of its engine to limits of its own. */
export async function startLimitedEngine(): Promise<LimitedEngine> {
  const directory = temporaryDirectory();
  const paths = checkoutPaths(directory.path);
  const supervisor = openSupervisor({ command: 'hostile', runDir: paths.run });
  const { dockerHost, cgroup } = await provideEngine(paths, supervisor, undefined);
  if (cgroup === undefined) throw new Error('this machine has an engine already');
  const docker = connect(dockerHost);
  const [repo = '', tag = ''] = BASE.split(':');
  await importBusyboxImage(docker, { repo, tag });
  return {
    docker,
    cgroup,
    stop: async () => {
      await supervisor.stop();
      directory.remove();
    },
  };
}
