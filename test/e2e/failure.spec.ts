import type { BuildView, FailureCode } from '@slipway/contracts';
import type { GitFiles } from '@slipway/testing';
import type { BuildRequestFields, TagConfigFields } from './lib/api.js';
import { imagesNamed } from './lib/engine.js';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 90_000;
const NO_COMMIT = '552819d5c903472a36696e8ac620ac250e49829d';

describe('a build that cannot succeed', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  interface Given {
    readonly files?: GitFiles;
    readonly config?: TagConfigFields;
    readonly request?: BuildRequestFields;
    /** Default: the repository that was made of `files`. */
    readonly cloneUrl?: string;
  }

  const failed = async ({
    files = { Dockerfile: 'FROM scratch\nCOPY . /\n' },
    ...given
  }: Given): Promise<BuildView> => {
    const name = house.freshName('broken');
    const { cloneUrl } = await house.git.createRepository(name, files);
    await house.api.createRepository(`e2e/${name}`, { cloneUrl: given.cloneUrl ?? cloneUrl }, given.config ?? {});
    const { build_id } = await house.api.requestBuild(`e2e/${name}`, given.request);
    return house.api.ended(build_id);
  };

  it(
    'ends with the exit code, the step and the last lines of a step that failed',
    async () => {
      const run = '{ echo told; seq 1 30; echo wrong; } >&2; exit 3'; // one stream: the engine keeps no order between two
      const build = await failed({ files: { Dockerfile: `FROM ${BASE}\nRUN true\nRUN ${run}\nRUN echo never\n` } });
      expect(build).toMatchObject({
        status: 'F',
        state: 'failed',
        image_id: null,
        digest: null,
        tags: [],
        is_removable: true,
        failure: { code: 'DOCKERFILE_STEP_FAILED', step: `[3/4] RUN ${run}`, exit_code: 3 },
      });
      expect(build.step_at).toBeLessThan(50);
      const lastLines = [...Array.from({ length: 19 }, (_, index) => String(index + 12)), 'wrong'];
      expect(build.failure?.last_lines).toEqual(lastLines);
      expect(build.steps.at(-1)).toMatchObject({ name: `[3/4] RUN ${run}`, ended_at: expect.any(String) });

      const log = await house.api.log(build.build_id);
      expect(log).toHaveLength(build.log_lines ?? NaN);
      expect(log.at(-1)).toMatchObject({
        level: 'ERROR',
        message: expect.stringMatching(/^build failed: .*exit code: 3/),
      });
      const messages = log.map(({ message }) => message);
      expect(messages).toEqual(expect.arrayContaining(['told', '1', '30', 'wrong']));
      expect(messages).not.toContain('never');
      expect(await house.registry.tags(build.docker_repo_path)).toEqual([]);
      expect(await imagesNamed(house.docker, `${house.registry.host}/${build.docker_repo_path}`)).toEqual([]);
    },
    LIMIT_MS,
  );

  const cases: readonly [what: string, code: FailureCode, says: RegExp, given: () => Given][] = [
    [
      'repository that does not exist',
      'SOURCE_REPOSITORY_NOT_FOUND',
      /none/,
      () => ({ cloneUrl: `${house.git.url}/none.git` }),
    ],
    [
      'branch that does not exist',
      'SOURCE_REF_NOT_FOUND',
      /branch.*nowhere/,
      () => ({ config: { code_repo_type_value: 'nowhere' } }),
    ],
    [
      'tag that does not exist',
      'SOURCE_REF_NOT_FOUND',
      /tag.*v9/,
      () => ({ config: { code_repo_type: 'tag', code_repo_type_value: 'v9' } }),
    ],
    [
      'commit that does not exist',
      'SOURCE_COMMIT_NOT_FOUND',
      new RegExp(NO_COMMIT),
      () => ({ request: { code_commit_id: NO_COMMIT } }),
    ],
    ['repository without a Dockerfile', 'DOCKERFILE_NOT_FOUND', /Dockerfile/, () => ({ files: { readme: 'hello' } })],
    [
      'Dockerfile path that does not exist',
      'DOCKERFILE_NOT_FOUND',
      /Other\.Dockerfile/,
      () => ({ config: { dockerfile_location: '/web/Other.Dockerfile' } }),
    ],
    [
      'context path that does not exist',
      'CONTEXT_NOT_FOUND',
      /\/elsewhere/,
      () => ({ config: { build_context_path: '/elsewhere' } }),
    ],
    [
      'Dockerfile that cannot be parsed',
      'DOCKERFILE_INVALID',
      /MAKE/,
      () => ({ files: { Dockerfile: 'FROM scratch\nMAKE it\n' } }),
    ],
    [
      'base image that does not exist',
      'BASE_IMAGE_NOT_FOUND',
      /e2e\/none/,
      () => ({ files: { Dockerfile: `FROM ${house.registry.host}/e2e/none:1\n` } }),
    ],
  ];

  it.each(cases)(
    'fails for a %s: %s',
    async (_what, code, says, given) => {
      const build = await failed(given());
      expect(build).toMatchObject({ status: 'F', state: 'failed', digest: null, attempt: 1, failure: { code } });
      expect(build.failure?.message).toMatch(says);
      expect(build.failure?.exit_code).toBeNull();
      const last = (await house.api.log(build.build_id)).at(-1);
      expect(last).toMatchObject({ level: 'ERROR', message: `build failed: ${build.failure?.message} (${code})` });
    },
    LIMIT_MS,
  );
});
