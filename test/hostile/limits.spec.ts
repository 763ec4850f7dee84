import { StepCgroups } from '../../apps/build-agent/src/limits/step-cgroups.js';
import { StepGuard } from '../../apps/build-agent/src/limits/step-guard.js';
import { build, cleanUp, ownEngine, SLOW } from './lib/steps.js';

const MIB = 1_048_576;
const TIMES = 20;
afterAll(cleanUp);

/** As an agent that has the engine of this checkout would watch it. */
const guard = (): StepGuard =>
  new StepGuard({
    steps: {
      cgroups: new StepCgroups(process.env['SLIPWAY_ENGINE_CGROUP'] ?? ''),
      limits: { memoryBytes: 64 * MIB, processes: 32, cpus: undefined },
    },
    maxWrittenBytes: 200 * MIB,
    disk: { paths: [], reserveBytes: 0 },
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
        const { failure, image } = await build(`RUN : ${time}; ${begun}; ${command}`, { guard: guard() });
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
      const instructions = `RUN : ${Date.now()}; ${begun}; ${hog} & wait; exit 0`;
      for (const useCache of [false, true]) {
        const { failure } = await build(instructions, { guard: guard(), request: { useCache } });
        expect(failure).toHaveProperty('code', 'BUILD_MEMORY_LIMIT');
      }
    },
    SLOW,
  );

  ownEngine(
    'is left alone when nothing was refused to it',
    async () => {
      const { failure } = await build(`RUN ${begun}; sh -c 'kill -9 $$'; exit 0`, { guard: guard() });
      expect(failure).toBeUndefined();
    },
    SLOW,
  );
});
