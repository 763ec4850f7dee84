import { createHash } from 'node:crypto';
import type { BuildView } from '@slipway/contracts';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 90_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a build secret', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const put = async (path: string, body: object): Promise<void> => {
    const { status } = await house.api.call(path, { method: 'PUT', body: JSON.stringify(body) });
    expect(status).toBe(200);
  };
  const built = async (name: string, Dockerfile: string): Promise<BuildView> => {
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile: `FROM ${BASE}\n${Dockerfile}\n` });
    await house.api.createRepository(`e2e/${name}`, { cloneUrl });
    await put(`/v1/repositories/e2e/${name}/secrets/token`, { value: 'of the repository' });
    const { build_id } = await house.api.requestBuild(`e2e/${name}`);
    return house.api.ended(build_id);
  };

  it(
    'of a repository wins over that of its namespace, and both reach the step that mounts them',
    async () => {
      const name = house.freshName('secret');
      await put('/v1/namespaces/e2e/secrets/token', { value: 'of the namespace' });
      await put('/v1/namespaces/e2e/secrets/shared', { value: 'for everybody' });
      const mounts = '--mount=type=secret,id=token --mount=type=secret,id=shared';
      const build = await built(name, `RUN ${mounts} cd /run/secrets && sha256sum token shared`);
      expect(build).toMatchObject({ status: 'S', failure: null });
      const log = (await house.api.log(build.build_id)).map(({ message }) => message);
      expect(log).toEqual(
        expect.arrayContaining([`${sha256('of the repository')}  token`, `${sha256('for everybody')}  shared`]),
      );
      const { body: events } = await house.api.call(`/v1/builds/${build.build_id}/events`);
      const { body: shown } = await house.api.call(`/v1/repositories/e2e/${name}/secrets`);
      expect(shown).toMatchObject({ secrets: [{ name: 'token' }] });
      for (const answer of [events, shown]) expect(JSON.stringify(answer)).not.toMatch(/of the (repo|name)/);
    },
    LIMIT_MS,
  );
});
