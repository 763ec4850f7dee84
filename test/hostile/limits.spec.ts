import { existsSync, readFileSync } from 'node:fs';
import { until } from '@slipway/testing';
import { StepCgroups } from '../../apps/build-agent/src/limits/step-cgroups.js';
import { StepGuard, type GuardOptions } from '../../apps/build-agent/src/limits/step-guard.js';
import { startLimitedEngine, type LimitedEngine } from './lib/limited-engine.js';
import { build, cleanUp, hasOwnEngine, ownEngine, SLOW, type HostileBuild } from './lib/steps.js';

const MIB = 1_048_576;
const TIMES = 20;

let engine: LimitedEngine;
beforeAll(async () => {
  if (hasOwnEngine) engine = await startLimitedEngine();
}, SLOW);
afterAll(async () => {
  await cleanUp();
  if (hasOwnEngine) await engine.stop();
}, SLOW);

/** Under the limits that an agent would hold it to. */
const limited = (
  run: string,
  changes: Partial<GuardOptions> = {},
  options: HostileBuild = {},
): ReturnType<typeof build> => {
  const guard = new StepGuard({
    steps: {
      cgroups: new StepCgroups(engine.cgroup),
      limits: { memoryBytes: 64 * MIB, processes: 32, cpus: 0.5 },
    },
    maxWrittenBytes: 200 * MIB,
    disk: { paths: ['/'], reserveBytes: 0 },
    ...changes,
  });
  return build(`RUN ${run}`, { ...options, docker: engine.docker, guard });
};

/** Microseconds of a period; its two places are those of cgroup v1 and v2. */
function quotaOf(path: string): string | undefined {
  const files = [`/sys/fs/cgroup/cpu${path}/cpu.cfs_quota_us`, `/sys/fs/cgroup${path}/cpu.max`];
  const file = files.find((name) => existsSync(name));
  return file && readFileSync(file, 'utf8').trim().split(' ')[0];
}

describe.each(['buildkit', 'classic'] as const)('a step run by the %s builder', (kind) => {
  const failure = (code: string, says: RegExp): unknown =>
    expect.objectContaining({
      code,
      message: expect.stringMatching(says),
      infrastructure: false,
      step: expect.objectContaining({ name: expect.stringContaining('RUN') }),
    });

  ownEngine.each([
    // tail keeps what it was given until a line ends
    [
      'needs more memory than it may have',
      'dd if=/dev/zero bs=1M count=512 | tail -c 500000000 | wc -c; sleep 5',
      failure('BUILD_MEMORY_LIMIT', /67108864 bytes/),
    ],
    ['forks without end', 'f() { f | f & }; f; sleep 30', failure('BUILD_PROCESS_LIMIT', /the 32 that/)],
    [
      'writes without end',
      'dd if=/dev/zero of=/full bs=1M count=2000; sleep 30',
      failure('BUILD_DISK_LIMIT', /209715200 bytes/),
    ],
  ])(
    'that %s fails for that',
    async (_, run, expected) => expect((await limited(run, {}, { kind })).failure).toEqual(expected),
    SLOW,
  );

  ownEngine(
    'stays within its share of the cores',
    async () => {
      const cgroups = new StepCgroups(engine.cgroup);
      const onOutput = async (): Promise<void> => {
        await until(() => cgroups.list().some((path) => quotaOf(path) === '50000'));
      };
      expect((await limited('echo started; sleep 1', {}, { kind, onOutput })).failure).toBeUndefined();
    },
    SLOW,
  );

  ownEngine(
    'that was killed for another reason is not said to have met a limit',
    async () => {
      const { failure: failed } = await limited('sleep 1; exit 137', {}, { kind });
      expect(failed).toHaveProperty('code', 'DOCKERFILE_STEP_FAILED');
    },
    SLOW,
  );

  ownEngine(
    'is stopped when the disk has less left than is kept in reserve',
    async () => {
      const disk = { paths: ['/'], reserveBytes: Number.MAX_SAFE_INTEGER };
      const { failure: failed } = await limited('sleep 60', { steps: undefined, disk }, { kind });
      expect(failed).toMatchObject({ code: 'BUILD_DISK_LIMIT', message: expect.stringMatching(/were left/) });
    },
    SLOW,
  );
});

/** Its limits are there by then: of memory last, where version 1 or version 2 shows them to it. */
const limitFiles = '/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max';
const begun = `until cat ${limitFiles} 2>/dev/null | grep -qx ${64 * MIB}; do sleep 0.05; done`;
/** tail keeps what it was given until a line ends. */
const hog = 'dd if=/dev/zero bs=1M count=512 2>/dev/null | tail -c 500000000 >/dev/null';

describe('a step that ends well, right after the kernel has', () => {
  ownEngine.each([
    ['killed one of its processes for memory', `${hog} & wait; exit 0`, 'BUILD_MEMORY_LIMIT', /67108864 bytes/],
    [
      'refused it one more process',
      'for i in $(seq 40); do sleep 5 & done; exit 0',
      'BUILD_PROCESS_LIMIT',
      /the 32 that/,
    ],
  ])(
    `%s, fails for that, each of ${TIMES} times`,
    async (_, command, code, message) => {
      for (let time = 1; time <= TIMES; time++) {
        const { failure, image } = await limited(`: ${time}; ${begun}; ${command}`);
        expect({ time, image, failure }).toEqual({
          time,
          image: undefined,
          failure: expect.objectContaining({ code, message: expect.stringMatching(message), infrastructure: false }),
        });
      }
    },
    3 * SLOW,
  );

  ownEngine(
    'killed one of its processes for memory, is not taken from the cache by the next build',
    async () => {
      for (const useCache of [false, true]) {
        const { failure } = await limited(`${begun}; ${hog} & wait; exit 0`, {}, { request: { useCache } });
        expect(failure).toHaveProperty('code', 'BUILD_MEMORY_LIMIT');
      }
    },
    SLOW,
  );

  ownEngine(
    'is left alone when nothing was refused to it',
    async () => expect((await limited(`${begun}; sh -c 'kill -9 $$'; exit 0`)).failure).toBeUndefined(),
    SLOW,
  );
});
