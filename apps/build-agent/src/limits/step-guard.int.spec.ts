import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@slipway/testing';
import { BuildFailure } from '../builder/build-failure.js';
import { StepCgroups } from './step-cgroups.js';
import { StepGuard } from './step-guard.js';

const COMMAND = 'sleep 600; true';

describe('a step that met its memory limit', () => {
  const { path: root } = temporaryDirectory();
  const cgroup = join(root, 'slipway/buildkit/abc');
  const write = (file: string, text: string): void => writeFileSync(join(cgroup, file), text);
  const failed = (name: string, exitCode: number): BuildFailure =>
    new BuildFailure('DOCKERFILE_STEP_FAILED', 'said by the engine', { step: { name, index: 1, exitCode } });

  it('is told as that, also when it is heard late that it had begun, and no other step is', async () => {
    mkdirSync(cgroup, { recursive: true });
    writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory pids\n');
    const step = spawn('/bin/sh', ['-c', COMMAND]);
    const killed = once(step, 'exit');
    write('cgroup.procs', `${step.pid}\n`);
    const guard = new StepGuard({
      steps: {
        cgroups: new StepCgroups('/slipway', root),
        limits: { memoryBytes: 1_000_000, processes: 32, cpus: undefined },
      },
      maxWrittenBytes: 1_000_000,
      disk: { paths: [], reserveBytes: 0 },
    });
    using build = guard.watch(() => undefined);
    write('memory.events', 'oom_kill 1\n');
    expect(await killed).toEqual([null, 'SIGKILL']);

    const heardAt = performance.now() + 60_000;
    expect(build.explain(failed(`[2/3] RUN ${COMMAND}`, 137), heardAt)).toHaveProperty('code', 'BUILD_MEMORY_LIMIT');
    for (const other of [failed('[3/3] RUN make', 1), failed('[3/3] RUN make', 137)])
      expect(build.explain(other, heardAt)).toBe(other);
    expect(build.explain(failed('[3/3] RUN make', 137), performance.now())).toHaveProperty(
      'code',
      'BUILD_MEMORY_LIMIT',
    );
    using later = guard.watch(() => undefined);
    const same = failed(`[2/3] RUN ${COMMAND}`, 137);
    expect(later.explain(same, performance.now())).toBe(same);
  });
});
