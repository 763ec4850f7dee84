import { randomUUID } from 'node:crypto';
import { until } from '@slipway/testing';
import { sharedServersFrom } from '../../tools/launcher/system/options.js';
import { choosePorts } from '../../tools/launcher/system/system-ports.js';
import { startGate, type Gate } from './lib/gate.js';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 120_000;

describe('an image in the registry of the system', () => {
  let house: House;
  let gate: Gate;
  let secret: string;
  let base: string;
  let own: string;
  beforeAll(async () => {
    const servers = sharedServersFrom(process.env);
    const ports = await choosePorts(undefined, () => true);
    const api = `http://127.0.0.1:${ports.gateway}`;
    gate = await startGate({ port: ports.registry, registry: servers.registry ?? '', api });
    house = await openHouse({ agents: 1, ports, servers: { ...servers, registry: gate.url } });
    secret = randomUUID();
    const { path, build } = await built('alice', `FROM ${BASE}\nRUN echo ${secret} >/secret\n`);
    expect(build.status).toBe('S');
    base = path;
    const mallorys = await built('mallory', `FROM ${BASE}\nRUN echo own >/name\n`);
    expect(mallorys.build.status).toBe('S');
    own = mallorys.path;
  }, LIMIT_MS);
  afterAll(async () => {
    await house.stop();
    await gate.stop();
  }, LIMIT_MS);

  const built = async (namespace: string, dockerfile: string) => {
    const name = house.freshName('image');
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile: dockerfile });
    const path = `${namespace}/${name}`;
    await house.api.createRepository(path, { cloneUrl });
    const { build_id } = await house.api.requestBuild(path);
    const build = await house.api.ended(build_id);
    const lines = (await house.api.log(build_id)).map(({ message }) => message);
    return { path, build, shows: lines.some((line) => line.startsWith(`found ${secret}`)) };
  };
  const shown = 'RUN echo "found $(cat /secret)"';
  /** The same for builds that must not be shown a step of another one, from the cache. */
  const shownAnew = () => `${shown} && : ${randomUUID()}`;

  it(
    'is a base image for builds of its own namespace',
    async () => {
      const { build, shows } = await built('alice', `FROM ${house.registry.host}/${base}:latest\n${shown}\n`);
      expect([build.failure, shows]).toEqual([null, true]);
    },
    LIMIT_MS,
  );

  it.each([
    ['FROM', (image: string) => `FROM ${image}\n${shown}\n`],
    [
      'a FROM of two halves',
      (image: string) => `ARG HALF=${image.slice(0, 9)}\nARG REST=${image.slice(9)}\nFROM $HALF$REST\n${shown}\n`,
    ],
    ['COPY --from', (image: string) => `FROM ${BASE}\nCOPY --from=${image} /secret /secret\n${shown}\n`],
    [
      'RUN --mount',
      (image: string) => `FROM ${BASE}\nRUN --mount=from=${image},target=/of echo "found $(cat /of/secret)"\n`,
    ],
    [
      'FROM beside one of its own',
      (image: string, mine: string) =>
        `FROM ${mine} AS own\nRUN true\nFROM ${image}\nCOPY --from=own /name /name\n${shown}\n`,
    ],
    ['another name of the host', (image: string) => `FROM ${image.replace('127.0.0.1', 'localhost')}\n${shown}\n`],
  ])(
    'is none for those of another namespace, by %s',
    async (_, dockerfile) => {
      const { host } = house.registry;
      const attack = dockerfile(`${host}/${base}:latest`, `${host}/${own}:latest`);
      const { build, shows } = await built('mallory', attack);
      expect([build.status, shows]).toEqual(['F', false]);
      expect(build.failure).toMatchObject({
        code: 'BASE_IMAGE_NOT_FOUND',
        message: expect.stringMatching(/denied|401|403/),
      });
    },
    LIMIT_MS,
  );

  it(
    'is not read by ADD, which shows no login',
    async () => {
      for (const place of [`/v2/${base}/manifests/latest`, '/v2/_catalog']) {
        const { build } = await built('mallory', `FROM ${BASE}\nADD http://${house.registry.host}${place} /loot\n`);
        expect(build).toMatchObject({ status: 'F', attempt: 1, failure: { code: 'DOCKERFILE_STEP_FAILED' } });
        expect([place, build.failure?.message]).toEqual([place, expect.stringContaining('401')]);
      }
    },
    LIMIT_MS,
  );

  describe('of a repository that its owner makes public', () => {
    const publish = async (isPublic: boolean) => {
      const body = JSON.stringify({ is_public: isPublic });
      const { status } = await house.api.call(`/v1/repositories/${base}`, { method: 'PUT', body });
      expect(status).toBe(200);
    };
    const fromBase = (path = base) => built('mallory', `FROM ${house.registry.host}/${path}:latest\n${shownAnew()}\n`);
    const hasEnded = { limitMs: LIMIT_MS, what: 'a build that ends as it should' };

    it(
      'is a base image for everybody, until it is private again',
      async () => {
        await publish(true);
        const open = await until(async () => {
          const { build, shows } = await fromBase();
          return build.status === 'S' && shows;
        }, hasEnded);
        expect(open).toBe(true);
        const copied = await built(
          'mallory',
          `FROM ${BASE}\nCOPY --from=${house.registry.host}/${base}:latest /secret /secret\n${shownAnew()}\n`,
        );
        expect([copied.build.failure, copied.shows]).toEqual([null, true]);

        await publish(false);
        const refused = await until(async () => {
          const { build } = await fromBase();
          return build.status === 'F' ? build : undefined;
        }, hasEnded);
        expect(refused.failure).toMatchObject({
          code: 'BASE_IMAGE_NOT_FOUND',
          message: expect.stringContaining('403'),
        });
      },
      LIMIT_MS * 2,
    );

    it(
      'and a private one are refused in the words for one that is not there',
      async () => {
        const failureOf = async (path: string) => {
          const { build } = await fromBase(path);
          return { ...build.failure, message: build.failure?.message?.replaceAll(path, '<image>') };
        };
        const nowhere = `alice/${house.freshName('none')}`;
        expect(await failureOf(base)).toEqual(await failureOf(nowhere));
      },
      LIMIT_MS,
    );
  });
});
