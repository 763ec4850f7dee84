import type Docker from 'dockerode';
import type { AgentConfig } from '../config.js';
import { diskPaths } from '../disk/disk-paths.js';
import { StepCgroups } from './step-cgroups.js';
import { StepGuard } from './step-guard.js';

/** For the engine of this agent. What of it is not on this machine is not watched. */
export async function guardOf(config: AgentConfig, docker: Docker): Promise<StepGuard> {
  const limits = {
    memoryBytes: config.STEP_MEMORY_BYTES,
    processes: config.STEP_PROCESSES,
    cpus: config.STEP_CPUS,
  };
  const parent = config.ENGINE_CGROUP;
  return new StepGuard({
    steps: parent ? { cgroups: new StepCgroups(parent), limits } : undefined,
    maxWrittenBytes: config.STEP_WRITTEN_BYTES,
    disk: {
      paths: await diskPaths(config, docker),
      reserveBytes: config.DISK_RESERVE_BYTES,
    },
  });
}
