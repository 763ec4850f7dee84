import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printMetrics, silentLogger } from '@slipway/platform';
import { importBusyboxImage, temporaryDirectory, until } from '@slipway/testing';
import type Docker from 'dockerode';
import { connectEngine } from '../../apps/build-agent/src/builder/engine.js';
import { cleanUp, runBuild } from '../../apps/build-agent/src/builder/testing/engine-fixture.js';
import { Belongings } from '../../apps/build-agent/src/collect/belongings.js';
import { ClassicContainers } from '../../apps/build-agent/src/collect/classic-containers.js';
import { Collector, type CollectorOptions } from '../../apps/build-agent/src/collect/collector.js';
import { checkoutPaths } from '../../tools/launcher/paths.js';
import { openSupervisor } from '../../tools/launcher/process/supervisor.js';
import { provideEngine } from '../../tools/launcher/setup/engine.js';
import { BASE } from './lib/house.js';

const LIMIT_MS = 90_000;
const MIB = 1_048_576;
const REGISTRY = 'registry.example:5000';
/** The cache of an engine is everybody's, so it is emptied on one that nobody else uses: as root, where there is none. */
const canStart = process.env['SLIPWAY_ENGINE_CGROUP'] !== undefined && !existsSync('/var/run/docker.sock');

(canStart ? describe : describe.skip)('what builds leave behind', () => {
  const directory = temporaryDirectory();
  const paths = checkoutPaths(directory.path);
  const supervisor = openSupervisor({ command: 'spec', runDir: paths.run });
  const belongings = new Belongings(randomUUID());
  const containers = new ClassicContainers(join(directory.path, 'containers'), belongings);
  const workspaces = join(directory.path, 'workspaces');
  let docker: Docker;
  beforeAll(async () => {
    docker = connectEngine((await provideEngine(paths, supervisor, undefined)).dockerHost);
    const [repo = '', tag = ''] = BASE.split(':');
    await importBusyboxImage(docker, { repo, tag });
  }, LIMIT_MS);
  afterAll(async () => {
    await cleanUp(); // what other specs of this process find is theirs
    await supervisor.stop();
    directory.remove();
  }, LIMIT_MS);

  const collect = (limits: Partial<CollectorOptions> = {}, missingBytes = 0): Promise<void> =>
    new Collector({
      docker,
      belongings,
      containers,
      workspaces,
      registryHost: REGISTRY,
      cacheMaxBytes: 10_000 * MIB,
      cacheMaxAgeMs: LIMIT_MS * 100,
      everyMs: LIMIT_MS,
      logger: silentLogger,
      ...limits,
    }).collect(missingBytes);
  const tag = async (name: string): Promise<string> => {
    const colon = name.lastIndexOf(':');
    await docker.getImage(BASE).tag({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
    return name;
  };
  const names = async (): Promise<readonly string[]> =>
    (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  const container = async (): Promise<Docker.Container> =>
    docker.createContainer({ Image: BASE, Cmd: ['sleep', '600'] });
  const build = (instructions: string, onOutput?: () => void) =>
    runBuild({
      docker,
      kind: 'buildkit',
      files: { Dockerfile: `FROM ${BASE}\n${instructions}\n` },
      request: {},
      ...(onOutput && { onOutput }),
    });
  const cacheBytes = async (): Promise<number> => {
    const { BuildCache } = (await docker.df()) as { BuildCache?: readonly { Size: number }[] };
    return (BuildCache ?? []).reduce((sum, { Size }) => sum + Size, 0);
  };
  const counted = async (kind: string, what: 'objects' | 'bytes'): Promise<number> => {
    const line = new RegExp(`^slipway_collected_${what}_total\\{.*kind="${kind}".*\\} (\\S+)$`, 'm');
    return Number(line.exec((await printMetrics()).text)?.[1] ?? 0);
  };

  it(
    'is taken off the engine when it is ours and no attempt has it; nothing else is touched',
    async () => {
      const [mine, held] = [randomUUID(), randomUUID()];
      const left = belongings.image(mine);
      using underWay = belongings.image(held);
      const another = new Belongings(randomUUID()).image(mine);
      left[Symbol.dispose]();
      const gone = [await tag(left.name), await tag(`${REGISTRY}/alice/app:build-${mine}.12`)];
      const stays = [
        await tag(underWay.name),
        await tag(`${REGISTRY}/alice/app:build-${held}.1`),
        await tag(another.name), // of an agent that runs
        await tag('somebody/else:1'),
        await tag(`elsewhere.example/alice/app:build-${mine}.1`),
      ];
      expect(await names()).toEqual(expect.arrayContaining([...gone, ...stays]));

      const [leftBehind, running, foreign] = [await container(), await container(), await container()];
      for (const { id } of [leftBehind, running]) (await containers.note(id))[Symbol.dispose]();
      await running.start();
      const before = [await counted('image', 'objects'), await counted('container', 'objects')] as const;
      await collect();

      expect((await names()).filter((name) => gone.includes(name))).toEqual([]);
      expect(await names()).toEqual(expect.arrayContaining([...stays, BASE]));
      await expect(leftBehind.inspect()).rejects.toMatchObject({ statusCode: 404 });
      for (const one of [running, foreign]) expect((await one.inspect()).Id).toBe(one.id);
      expect(await counted('image', 'objects')).toBe(before[0] + 1);
      expect(await counted('container', 'objects')).toBe(before[1] + 1);
      expect(await containers.left()).toEqual([running.id]);
      await Promise.all([running, foreign].map((one) => one.remove({ force: true })));
      await collect();
      expect(await containers.left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is taken off the disk, but for the workspaces of attempts that run',
    async () => {
      using held = belongings.workspace();
      const left = join(workspaces, 'build-left', 'deep');
      await Promise.all([left, join(workspaces, held.name)].map((path) => mkdir(path, { recursive: true })));
      await writeFile(join(left, 'file'), Buffer.alloc(MIB, 1));
      const before = await counted('workspace', 'bytes');
      await collect();
      expect(await readdir(workspaces)).toEqual([held.name]);
      expect((await counted('workspace', 'bytes')) - before).toBeGreaterThanOrEqual(MIB);
    },
    LIMIT_MS,
  );

  it(
    'is collected from the cache beyond its size, its age, or what the disk lacks, and not before',
    async () => {
      const cached = async (): Promise<void> => {
        const { failure, remove } = await build(`${random}\n${fill}`);
        expect(failure).toBeUndefined();
        await remove(); // as agents do after the push; what an image is made of is no cache
      };
      const fill = 'RUN head -c 20000000 /dev/urandom >/large';
      const random = 'RUN head -c 8 /dev/urandom | base64 >/small'; // no two are the same
      await cached();
      const full = await cacheBytes();
      expect(full).toBeGreaterThan(20 * 1e6);
      await collect();
      expect(await cacheBytes()).toBe(full);

      await collect({}, 1);
      const lessOne = await cacheBytes();
      expect(lessOne).toBeLessThan(full);
      await cached();
      const before = await counted('cache', 'bytes');
      await collect({ cacheMaxBytes: 10 * MIB });
      expect(await cacheBytes()).toBeLessThan(10 * MIB);
      expect((await counted('cache', 'bytes')) - before).toBeGreaterThan(20 * 1e6);

      await cached();
      await collect({ cacheMaxAgeMs: 1 });
      expect(await cacheBytes()).toBeLessThan(10 * MIB);
    },
    LIMIT_MS,
  );

  it(
    'leaves a build of somebody else, which runs meanwhile, what it needs',
    async () => {
      let isWaiting = false;
      const steps = [
        'RUN head -c 3000000 /dev/urandom >/large && md5sum </large >/sum',
        'RUN echo waiting; sleep 8; md5sum </large >/sum2',
        'RUN test "$(md5sum </large)" = "$(cat /sum)"',
      ];
      const running = build(steps.join('\n'), () => void (isWaiting = true));
      await until(() => isWaiting, { limitMs: 30_000 });
      await collect({ cacheMaxBytes: 0, cacheMaxAgeMs: 0 }, 100 * MIB);
      const { failure, image, tag: built, remove } = await running;
      expect([failure, image?.imageId]).toEqual([undefined, expect.stringMatching(/^sha256:/)]);
      await collect({ cacheMaxBytes: 0 });
      expect(await names()).toContain(built); // not ours: its agent pushes it now
      await remove();
    },
    LIMIT_MS,
  );
});
