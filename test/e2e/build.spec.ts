import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildView } from '@slipway/contracts';
import type { GitFiles } from '@slipway/testing';
import type { TagConfigFields } from './lib/api.js';
import { imagesNamed, pullAndRun } from './lib/engine.js';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 90_000;

/** As the original document prints an answer, in its order. */
const PRINTED_FIELDS =
  'build_id created_at started_at ended_at code_head_commit code_repo_client code_repo_path code_repo_type ' +
  'code_repo_type_value created_by image_id docker_repo_path docker_repo_tag docker_repo_version_tag ' +
  'dockerfile_location status auto_created step_at build_node build_context_path build_cache_enabled ' +
  'code_repo_http_url code_commit_http_url code_repo_branch_url is_removable';

const STAGES = (name: string): GitFiles => ({
  Dockerfile:
    `FROM ${BASE} AS build\nCOPY . /src\nRUN echo ${name} && ls -A /src\n` +
    'RUN tr a-z A-Z < /src/greeting.txt > /page\n' +
    `FROM ${BASE}\nCOPY --from=build /page /page\nCMD ["cat", "/page"]\n`,
  '.dockerignore': '# not for the image\nsecret*\n!secret-but-needed\nnode_modules\n',
  'greeting.txt': 'hello from the repository\n',
  'secret.key': 'do not tell',
  'secret-but-needed': 'tell',
  'node_modules/left/pad.js': 'pad',
});

describe('a build', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  /** A git repository and an image repository of one fresh name. */
  const repositoryOf = async (files: (name: string) => GitFiles, ...tagConfigs: readonly TagConfigFields[]) => {
    const name = house.freshName('app');
    const { cloneUrl, head } = await house.git.createRepository(name, files(name));
    const path = `e2e/${name}`;
    await house.api.createRepository(path, { cloneUrl }, ...tagConfigs);
    return { name, path, head, cloneUrl, image: `${house.registry.host}/${path}` };
  };
  const built = async (path: string, tag = 'latest'): Promise<BuildView> =>
    house.api.ended((await house.api.requestBuild(path, { tag })).build_id);

  it(
    'takes a repository to an image in the registry, and tells how',
    async () => {
      const { name, path, head, cloneUrl, image } = await repositoryOf(STAGES, { version_tagging: 1 });
      const requested = await house.api.requestBuild(path);
      expect(Object.keys(requested)).toEqual(expect.arrayContaining(PRINTED_FIELDS.split(' ')));
      expect(requested).toMatchObject({
        started_at: null,
        ended_at: null,
        code_head_commit: null,
        image_id: null,
        status: 'W',
        state: 'queued',
        step_at: 1,
        is_removable: true,
      });

      const build = await house.api.ended(requested.build_id);
      const versionTag = `v${requested.created_at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '.')}`;
      const digest = await house.registry.digestOf(path, 'latest');
      expect(build).toMatchObject({
        build_id: requested.build_id,
        created_at: requested.created_at,
        code_head_commit: head,
        code_repo_client: 'Simple',
        code_repo_path: name,
        code_repo_type: 'branch',
        code_repo_type_value: 'main',
        created_by: 'admin',
        docker_repo_path: path,
        docker_repo_tag: 'latest',
        docker_repo_version_tag: versionTag,
        dockerfile_location: '/',
        status: 'S',
        state: 'succeeded',
        auto_created: false,
        step_at: 50,
        build_node: 'in',
        build_context_path: '/',
        build_cache_enabled: true,
        code_repo_http_url: cloneUrl.replace('.git', ''),
        code_commit_http_url: null,
        code_repo_branch_url: null,
        is_removable: false,
        attempt: 1,
        agent: 'agent-1',
        digest,
        failure: null,
      });
      const times = [build.created_at, build.started_at, build.ended_at].map(String);
      expect(times).toEqual(times.toSorted());
      expect(Object.keys(build.phases)).toEqual(['starting', 'cloning', 'building', 'pushing']);
      expect(build.steps.map((step) => step.name)).toEqual([
        // Builds at the same time share this step, and the engine names it after either.
        expect.stringMatching(`^\\[(?:[\\w-]+ )?1/\\d\\] FROM docker.io/${BASE}$`),
        '[build 2/4] COPY . /src',
        `[build 3/4] RUN echo ${name} && ls -A /src`,
        '[build 4/4] RUN tr a-z A-Z < /src/greeting.txt > /page',
        '[stage-1 2/2] COPY --from=build /page /page',
      ]);

      expect((await house.registry.tags(path)).toSorted()).toEqual(
        [`build-${build.build_id}`, `build-${build.build_id}.1`, 'latest', versionTag].toSorted(),
      );
      expect(await house.registry.digestOf(path, versionTag)).toBe(digest);
      expect(await imagesNamed(house.docker, image)).toEqual([]);
      expect(await imagesNamed(house.docker, build.build_id)).toEqual([]);
      expect(workspaces(house)).toEqual([]);
      const pulled = await pullAndRun(house.docker, `${image}:latest`, house.registry.login);
      expect(pulled.output).toBe('HELLO FROM THE REPOSITORY\n');
      expect(pulled.id.slice('sha256:'.length, 'sha256:'.length + 12)).toBe(build.image_id);
      expect(pulled.labels).toEqual({
        'org.opencontainers.image.source': cloneUrl.replace('.git', ''),
        'org.opencontainers.image.revision': head,
        'org.opencontainers.image.created': build.created_at,
        'org.opencontainers.image.title': path,
      });
    },
    LIMIT_MS,
  );

  it(
    "logs in the document's order and words, and sends nothing that .dockerignore names",
    async () => {
      const { name, path, image } = await repositoryOf(STAGES);
      const build = await built(path);
      const log = await house.api.log(build.build_id);
      expect(log).toHaveLength(build.log_lines ?? NaN);
      const messages = log.map(({ message }) => message);
      const inOrder = [
        /^starting to build$/,
        new RegExp(`^cloning code source from repo ${name} on branch:main$`),
        /^Cloning into '\/.+'\.\.\.$/,
        /^Receiving objects: 100% /,
        /^Dockerfile path: \/.+[^/]\/Dockerfile\. Build context path: \/.+[^/]$/,
        /^Sending build context to Docker daemon [\d.]+ kB$/,
        /^\[build 3\/4\] RUN echo/,
        /^\.dockerignore$/,
        /^Dockerfile$/,
        /^greeting\.txt$/,
        /^secret-but-needed$/,
        /^\[build 4\/4\] RUN tr/,
        new RegExp(`^pushing ${image}$`),
        new RegExp(`^${image}:latest digest: ${build.digest}$`),
        /^build finished successfully$/,
      ];
      const places = inOrder.map((pattern) => messages.findIndex((message) => pattern.test(message)));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places).not.toContain(-1);
      expect(places[0]).toBe(0);
      expect(places.at(-1)).toBe(messages.length - 1);
      const listed = messages.slice(messages.indexOf(name) + 1, places[11]);
      expect(listed).toEqual(['.dockerignore', 'Dockerfile', 'greeting.txt', 'secret-but-needed']);
      const times = log.map(({ time }) => time);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(await house.api.log(build.build_id, `?end_time=${(times[0] ?? NaN) - 1}`)).toEqual([]);
      expect(await house.api.log(build.build_id, `?start_time=${times[0]}&end_time=${times.at(-1)}`)).toEqual(log);
    },
    LIMIT_MS,
  );

  it(
    'hits the layer cache the second time, unless it was told not to',
    async () => {
      const { path } = await repositoryOf(
        (name) => ({ Dockerfile: `FROM ${BASE}\nRUN echo ${name} > /a\nRUN echo b > /b\n` }),
        {},
        { docker_repo_tag: 'afresh', build_cache_enabled: false },
      );
      const runsCached = ({ status, steps }: BuildView) => [
        status,
        ...steps.filter(({ name }) => name.includes('RUN')).map(({ cached }) => cached),
      ];
      expect(runsCached(await built(path))).toEqual(['S', false, false]);
      expect(runsCached(await built(path))).toEqual(['S', true, true]);
      expect(runsCached(await built(path, 'afresh'))).toEqual(['S', false, false]);
    },
    LIMIT_MS,
  );

  it(
    'publishes no version tag, its time, or its commit, as version_tagging says',
    async () => {
      const { path, head } = await repositoryOf(
        (name) => ({ Dockerfile: `FROM scratch\nLABEL name=${name}\nCOPY Dockerfile /\n` }),
        { docker_repo_tag: 'none', version_tagging: 0 },
        { docker_repo_tag: 'timed', version_tagging: 1 },
        { docker_repo_tag: 'commit', version_tagging: 2 },
      );
      const builds = await Promise.all(['none', 'timed', 'commit'].map((tag) => built(path, tag)));
      const time = builds[1]?.created_at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '.');
      const versions = [null, `v${time}`, head];
      expect(builds.map((build) => build.docker_repo_version_tag)).toEqual(versions);
      expect(builds.map(({ tags }) => tags)).toEqual([
        [{ tag: 'none', moved: true }],
        ...['timed', 'commit'].map((tag, index) => [
          { tag, moved: true },
          { tag: versions[index + 1], moved: true },
        ]),
      ]);
      for (const { digest, tags } of builds)
        for (const { tag } of tags) expect(await house.registry.digestOf(path, tag)).toBe(digest);
    },
    LIMIT_MS,
  );

  it(
    'builds a tag, a commit, another context and another Dockerfile',
    async () => {
      const files = {
        'web/app/page': 'first',
        'docker/Web.Dockerfile': `FROM ${BASE}\nCOPY . /\nCMD ["cat", "/page"]\n`,
      };
      const name = house.freshName('places');
      const { cloneUrl, commits } = await house.git.createRepository(name, files, {
        commits: [{ 'web/app/page': 'second' }, { 'web/app/page': 'third' }],
        tags: { v1: 1 },
      });
      const path = `e2e/${name}`;
      const places = { build_context_path: '/web/app', dockerfile_location: '/docker/Web.Dockerfile' };
      const tagged = { docker_repo_tag: 'tagged', code_repo_type: 'tag', code_repo_type_value: 'v1' } as const;
      await house.api.createRepository(path, { cloneUrl }, places, { ...places, ...tagged });
      const [newest, atTag, atCommit] = await Promise.all([
        built(path),
        built(path, 'tagged'),
        house.api
          .requestBuild(path, { code_commit_id: commits[0] ?? '' })
          .then(({ build_id }) => house.api.ended(build_id)),
      ]);
      const page = async ({ build_id }: BuildView): Promise<string> =>
        (await pullAndRun(house.docker, `${house.registry.host}/${path}:build-${build_id}`, house.registry.login))
          .output;
      const builds = [newest, atTag, atCommit];
      expect(builds.map(({ status, code_head_commit }) => [status, code_head_commit])).toEqual([
        ['S', commits[2]],
        ['S', commits[1]],
        ['S', commits[0]],
      ]);
      expect(await Promise.all(builds.map(page))).toEqual(['third', 'second', 'first']);
    },
    LIMIT_MS,
  );
});

const workspaces = ({ system }: House): readonly string[] =>
  readdirSync(join(system.stateDir, 'agents', 'build-agent-1', 'workspaces'));
