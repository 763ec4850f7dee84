import { existsSync, readFileSync } from 'node:fs';
import { until } from '@slipway/testing';
import { BASE, cleanUp, engine, runBuild, type Recorded } from '../builder/testing/engine-fixture.js';
import { StepCgroups } from './step-cgroups.js';
import { StepGuard, type GuardOptions } from './step-guard.js';

const docker = engine();
afterAll(cleanUp);
const SLOW = 60_000; // ms for one test: the machine may be busy
const MIB = 1_048_576;

/** An engine that was not started by this checkout has no cgroup that is known here. */
const parent = process.env['SLIPWAY_ENGINE_CGROUP'];

/** Microseconds of a period; its two places are those of cgroup v1 and v2. */
function quotaOf(path: string): string | undefined {
  const files = [`/sys/fs/cgroup/cpu${path}/cpu.cfs_quota_us`, `/sys/fs/cgroup${path}/cpu.max`];
  const file = files.find((name) => existsSync(name));
  return file && readFileSync(file, 'utf8').trim().split(' ')[0];
}

describe.each(['buildkit', 'classic'] as const)('a step run by the %s builder', (kind) => {
  const cgroups = new StepCgroups(parent ?? '');
  const build = (
    run: string,
    changes: Partial<GuardOptions> = {},
    onOutput: () => Promise<void> = async () => {},
  ): Promise<Recorded> => {
    const limits = { memoryBytes: 64 * MIB, processes: 32, cpus: 0.5 };
    const guard = new StepGuard({
      steps: { cgroups, limits },
      maxWrittenBytes: 200 * MIB,
      disk: { paths: ['/'], reserveBytes: 0 },
      ...changes,
    });
    const files = { Dockerfile: `FROM ${BASE}\nRUN ${run}\n` };
    return runBuild({ docker, kind, guard, files, request: {}, onOutput });
  };
  const failure = (code: string, says: RegExp): unknown =>
    expect.objectContaining({
      code,
      message: expect.stringMatching(says),
      infrastructure: false,
      step: expect.objectContaining({ name: expect.stringContaining('RUN') }),
    });

  const limited = parent ? it : it.skip;

  limited(
    'that needs more memory than it may have fails for that',
    async () => {
      // tail keeps what it was given until a line ends
      const { failure: failed } = await build('dd if=/dev/zero bs=1M count=512 | tail -c 500000000 | wc -c; sleep 5');
      expect(failed).toEqual(failure('BUILD_MEMORY_LIMIT', /67108864 bytes/));
    },
    SLOW,
  );

  limited(
    'that forks without end fails for that',
    async () => {
      const { failure: failed } = await build('f() { f | f & }; f; sleep 30');
      expect(failed).toEqual(failure('BUILD_PROCESS_LIMIT', /the 32 that/));
    },
    SLOW,
  );

  limited(
    'that writes without end fails for that',
    async () => {
      const { failure: failed } = await build('dd if=/dev/zero of=/full bs=1M count=2000; sleep 30');
      expect(failed).toEqual(failure('BUILD_DISK_LIMIT', /209715200 bytes/));
    },
    SLOW,
  );

  limited(
    'stays within its share of the cores',
    async () => {
      const onOutput = async (): Promise<void> => {
        await until(() => cgroups.list().some((path) => quotaOf(path) === '50000'));
      };
      const { failure: failed } = await build('echo started; sleep 1', {}, onOutput);
      expect(failed).toBeUndefined();
    },
    SLOW,
  );

  limited(
    'that was killed for another reason is not said to have met a limit',
    async () => {
      const { failure: failed } = await build('sleep 1; exit 137');
      expect(failed).toHaveProperty('code', 'DOCKERFILE_STEP_FAILED');
    },
    SLOW,
  );

  it(
    'is stopped when the disk has less left than is kept in reserve',
    async () => {
      const disk = { paths: ['/'], reserveBytes: Number.MAX_SAFE_INTEGER };
      const { failure: failed } = await build('sleep 60', { steps: undefined, disk });
      expect(failed).toMatchObject({ code: 'BUILD_DISK_LIMIT', message: expect.stringMatching(/were left/) });
    },
    SLOW,
  );
});
