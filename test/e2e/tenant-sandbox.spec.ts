import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 120_000;
const MIB = 1_048_576;
/** Limits of steps are those of the engine that this checkout started itself. */
const ownEngine = process.env['SLIPWAY_ENGINE_CGROUP'] === undefined ? it.skip : it;

describe('what builds of a namespace may do', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({
      agents: 1,
      env: {
        'build-agent-1': {
          STEP_MEMORY_BYTES: String(64 * MIB),
          STEP_PROCESSES: '32',
          STEP_WRITTEN_BYTES: String(200 * MIB),
          BUILD_SILENCE_TIMEOUT_MS: '20000',
        },
      },
    });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const built = async (namespace: string, run: string) => {
    const name = house.freshName('sandbox');
    const { cloneUrl } = await house.git.createRepository(name, {
      Dockerfile: `FROM ${BASE}\nRUN : ${name}; ${run}\n`,
    });
    await house.api.createRepository(`${namespace}/${name}`, { cloneUrl });
    const { build_id } = await house.api.requestBuild(`${namespace}/${name}`);
    const build = await house.api.ended(build_id);
    return { build, lines: (await house.api.log(build_id)).map(({ message }) => message) };
  };
  const waitsForNobody = async (namespace: string): Promise<void> => {
    const path = `${namespace}/${house.freshName('sandbox')}`;
    await house.api.createRepository(path, { cloneUrl: 'https://git.example/none.git' });
    const { build_id } = await house.api.requestBuild(path);
    await house.api.buildWhen(build_id, ({ queue }) => queue?.waiting_reason === 'no_agent');
    await house.api.call(`/v1/builds/${build_id}`, { method: 'DELETE' });
  };
  const choose = (namespace: string, policy: string) =>
    house.api.call(`/v1/namespaces/${namespace}/network-policy`, { method: 'PUT', body: JSON.stringify({ policy }) });
  const showsNetwork = 'ls /sys/class/net | sed s/^/interface:/';

  it(
    'is what its network policy says, from the next build on',
    async () => {
      const namespace = house.freshName('team');
      const body = JSON.stringify({ name: namespace });
      expect((await house.api.call('/v1/namespaces', { method: 'POST', body })).status).toBe(201);

      const open = await built(namespace, showsNetwork);
      expect(open.build.status).toBe('S');
      expect(open.lines).toContain('interface:eth0');

      expect(await choose(namespace, 'none')).toMatchObject({ status: 200, body: { policy: 'none' } });
      const closed = await built(namespace, showsNetwork);
      expect(closed.build.status).toBe('S');
      expect(closed.lines.filter((line) => line.startsWith('interface:'))).toEqual(['interface:lo']);
      expect(closed.lines).toContain('Network policy: none. Steps reach no network.');

      expect((await choose(namespace, 'proxy')).status).toBe(200);
      await waitsForNobody(namespace); // its only agent has no proxy, and holds no build to less than it was told
    },
    LIMIT_MS,
  );

  ownEngine.each([
    [
      'memory',
      'dd if=/dev/zero bs=1M count=512 | tail -c 500000000 | wc -c; sleep 5',
      'BUILD_MEMORY_LIMIT',
      '67108864 bytes',
    ],
    ['processes', 'f() { f | f & }; f; sleep 30', 'BUILD_PROCESS_LIMIT', 'the 32 that'],
    ['disk', 'dd if=/dev/zero of=/full bs=1M count=2000; sleep 30', 'BUILD_DISK_LIMIT', '209715200 bytes'],
    ['time without a word', 'sleep 600', 'BUILD_SILENT_TIMEOUT', '20 s'],
  ])(
    'ends at a limit of %s, and its failure says at which',
    async (_, run, code, says) => {
      const { build } = await built('e2e', run);
      expect(build).toMatchObject({ status: 'F', attempt: 1, tags: [], failure: { code } });
      expect(build.failure?.message).toContain(says);
      expect(await house.registry.tags(build.docker_repo_path)).toEqual([]);
    },
    LIMIT_MS,
  );
});
