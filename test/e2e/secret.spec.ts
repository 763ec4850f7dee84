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
    await house.api.createRepository(`e2e/${name}`, { cloneUrl }, { build_cache_enabled: false }); // it does not know secrets
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

  it(
    'that a step prints in pieces and spellings leaves no agent: not in the log, not in the failure, not in an event',
    async () => {
      const secret = 'hunter2/hunter3+hunter4 hunter5, a value that base64 breaks into several lines';
      const name = house.freshName('prints');
      const Dockerfile =
        `FROM ${BASE}\nRUN --mount=type=secret,id=long cd /run/secrets && cat long && echo && ` +
        'head -c 9 long && sleep 0.3 && tail -c +10 long && echo && { echo "x$(cat long)y"; cat long long; } | base64 && ' +
        `echo '${encodeURIComponent(secret)}' && echo '${secret}' >&2 && echo harmless && exit 3\n`;
      const { cloneUrl } = await house.git.createRepository(name, { Dockerfile });
      await house.api.createRepository(`e2e/${name}`, { cloneUrl });
      await put(`/v1/repositories/e2e/${name}/secrets/long`, { value: secret });
      const { build_id } = await house.api.requestBuild(`e2e/${name}`);
      const build = await house.api.ended(build_id);
      expect(build.failure).toMatchObject({ code: 'DOCKERFILE_STEP_FAILED', exit_code: 3 });

      const log = await house.api.log(build_id);
      const { body: events } = await house.api.call(`/v1/builds/${build_id}/events`);
      expect(log.map(({ message }) => message)).toEqual(expect.arrayContaining(['***', 'harmless']));
      expect(build.failure?.last_lines).toEqual(expect.arrayContaining(['***', 'harmless']));
      for (const told of [log, build, events]) {
        expect(JSON.stringify(told)).not.toMatch(/hunter/);
        const decoded = Buffer.from(JSON.stringify(told).replace(/[^A-Za-z0-9+/]/g, ''), 'base64');
        expect(decoded.includes('hunter')).toBe(false);
      }
      const base64 = log.map(({ message }) => message).filter((message) => /^[A-Za-z0-9+/=*]{12,}$/.test(message));
      expect(base64.map((line) => Buffer.from(line, 'base64').toString()).join('')).not.toMatch(/hunter/);
    },
    LIMIT_MS,
  );
});
