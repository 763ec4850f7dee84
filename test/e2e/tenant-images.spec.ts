import { randomUUID } from 'node:crypto';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 120_000;

describe('an image of a private repository', () => {
  let house: House;
  let secret: string;
  let base: string;
  let own: string;
  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
    expect(house.registry.login.password).not.toBe(''); // else the rest would say nothing
    secret = randomUUID();
    const { path, build } = await built('alice', `FROM ${BASE}\nRUN echo ${secret} >/secret\n`);
    expect(build.status).toBe('S');
    base = path;
    const mallorys = await built('mallory', `FROM ${BASE}\nRUN echo own >/name\n`);
    expect(mallorys.build.status).toBe('S');
    own = mallorys.path;
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const built = async (namespace: string, dockerfile: string) => {
    const name = house.freshName('image');
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile: dockerfile });
    const path = `${namespace}/${name}`;
    await house.api.createRepository(path, { cloneUrl });
    const { build_id } = await house.api.requestBuild(path);
    const build = await house.api.ended(build_id);
    const lines = (await house.api.log(build_id)).map(({ message }) => message);
    return { path, build, shows: lines.some((line) => line === `found ${secret}`) };
  };
  const shown = 'RUN echo "found $(cat /secret)"';

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
});
