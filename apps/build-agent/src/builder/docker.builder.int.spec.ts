import type { BuildRequest } from './builder.js';
import { execFileSync } from 'node:child_process';
import { detectBuilder } from './engine.js';
import { dockerBuilder } from './docker.builder.js';
import { BASE, cleanUp, engine, type Recorded, runBuild } from './testing/engine-fixture.js';

const docker = engine();
afterAll(cleanUp);
const SLOW = 60_000; // ms for one test: the machine may be busy
const code = (expected: string, rest: object = {}): unknown => expect.objectContaining({ code: expected, ...rest });

const MULTI_STAGE = `FROM ${BASE} AS build
COPY source.txt /source.txt
RUN tr a-z A-Z < /source.txt > /made.txt && echo made && echo warned >&2
FROM ${BASE}
COPY --from=build /made.txt /made.txt
CMD ["cat", "/made.txt"]
`;

/** Runs in a build alone, so that a test can ask the machine whether it still does. */
const uniqueSleep = (): string => `3${String(process.hrtime.bigint()).slice(-8)}`;

describe.each(['buildkit', 'classic'] as const)('an image by the %s builder', (kind) => {
  const build = (
    files: Record<string, string>,
    request: Partial<BuildRequest> = {},
    signal?: AbortSignal,
  ): Promise<Recorded> => runBuild({ docker, kind, files, request, ...(signal ? { signal } : {}) });

  it(
    'is built in stages, tells its steps in order, and carries labels and build args',
    async () => {
      const { image, events, remove } = await build(
        { Dockerfile: `${MULTI_STAGE}ARG NAME\nENV NAME=$NAME\n`, 'source.txt': 'hello' },
        { labels: { 'org.opencontainers.image.title': 'a "title"' }, buildArgs: { NAME: 'a b=c&d' } },
      );
      const { Config, Id, Size } = await docker.getImage(image!.imageId).inspect();
      expect([Id, Size]).toEqual([image!.imageId, image!.size]);
      expect(Config.Labels).toEqual({ 'org.opencontainers.image.title': 'a "title"' });
      expect(Config.Env).toContain('NAME=a b=c&d');
      expect(events.steps.map(({ index }) => index)).toEqual(events.steps.map((_, at) => at + 1));
      expect(events.steps.every(({ index, total }) => index <= total)).toBe(true);
      expect(events.ends).toHaveLength(events.steps.length);
      expect(events.output('stdout')).toBe('made\n');
      expect(events.output('stderr')).toContain('warned\n');
      expect(events.sentBytes).toHaveLength(1);
      await remove();
      await remove();
      await expect(docker.getImage(image!.imageId).inspect()).rejects.toEqual(
        expect.objectContaining({ statusCode: 404 }),
      );
    },
    SLOW,
  );

  it(
    'comes from the cache the second time, unless the cache is off',
    async () => {
      const files = { Dockerfile: `FROM ${BASE}\nRUN echo ${uniqueSleep()} > /x\n` };
      const cached = async (useCache: boolean): Promise<boolean> => {
        const { events } = await build(files, { useCache });
        return events.ends.find(({ name }) => name.includes('RUN'))!.cached;
      };
      expect([await cached(true), await cached(true), await cached(false)]).toEqual([false, true, false]);
    },
    SLOW,
  );

  it(
    'fails with the step, its exit code and what it said',
    async () => {
      const { failure, events } = await build({ Dockerfile: `FROM ${BASE}\nRUN echo before; exit 7\nRUN true\n` });
      expect(failure).toEqual(code('DOCKERFILE_STEP_FAILED', { infrastructure: false }));
      expect(failure).toHaveProperty('step', {
        name: expect.stringMatching(/^\[2\/\d\] RUN echo before; exit 7$/),
        index: 2,
        exitCode: 7,
      });
      expect(events.output('stdout')).toBe('before\n');
      expect(events.ends.at(-1)).toHaveProperty('error');
    },
    SLOW,
  );

  it(
    'fails with the step where a file to copy does not exist',
    async () => {
      const { failure } = await build({ Dockerfile: `FROM ${BASE}\nCOPY missing /x\n` });
      expect(failure).toEqual(
        code('DOCKERFILE_STEP_FAILED', {
          step: expect.objectContaining({ name: expect.stringContaining('COPY missing') }),
        }),
      );
    },
    SLOW,
  );

  it.each([
    ['FROM a\nFOO bar\n', 'DOCKERFILE_INVALID'],
    ['RUN true\n', 'DOCKERFILE_INVALID'],
    ['FROM upper/CASE\n', 'DOCKERFILE_INVALID'],
    ['# syntax=evil.example/frontend\nFROM a\n', 'FRONTEND_REFUSED'],
    ['FROM 127.0.0.1:1/no/registry\n', 'REGISTRY_UNAVAILABLE'],
  ])(
    'refuses %j as %s',
    async (Dockerfile, expected) => {
      expect((await build({ Dockerfile })).failure).toEqual(code(expected));
    },
    SLOW,
  );

  it(
    'says which of context and Dockerfile is missing',
    async () => {
      const files = { Dockerfile: 'FROM a' };
      expect((await build(files, { contextPath: '/nowhere' })).failure).toEqual(code('CONTEXT_NOT_FOUND'));
      expect((await build(files, { dockerfileLocation: '../..' })).failure).toEqual(code('DOCKERFILE_NOT_FOUND'));
      const limits = { contextMaxBytes: 3, contextMaxFiles: 10, silenceTimeoutMs: 1_000, buildTimeoutMs: SLOW };
      expect((await build(files, { limits })).failure).toEqual(code('CONTEXT_TOO_LARGE'));
    },
    SLOW,
  );

  it(
    'uses the built-in frontend for the official one, and a Dockerfile outside the context',
    async () => {
      const files = { 'docker/Dockerfile': `# syntax=docker/dockerfile:1\nFROM ${BASE}\nCOPY a /a\n`, 'web/a': 'x' };
      const { image, events } = await build(files, { contextPath: 'web', dockerfileLocation: 'docker' });
      expect(image).toBeDefined();
      expect(events.lines).toContainEqual([expect.stringContaining('docker/dockerfile:1'), 'WARNING']);
    },
    SLOW,
  );

  it(
    'sends what .dockerignore lets through',
    async () => {
      const files = { '.dockerignore': '*\n!keep', 'keep/a': '', 'gone/b': '' };
      const Dockerfile = `FROM ${BASE}\nCOPY . /all\nRUN find /all -type f | sort\n`;
      const { events } = await build({ ...files, Dockerfile });
      expect(events.output('stdout')).toBe('/all/Dockerfile\n/all/keep/a\n');
    },
    SLOW,
  );

  it(
    'is not moved by output that looks like a step',
    async () => {
      const { events } = await build({
        Dockerfile: `FROM ${BASE}\nRUN printf 'Step 3/3 : FAKE'; sleep 0.2; printf 'Step 9/9 : FAKE'\n`,
      });
      expect(events.steps.map(({ name }) => name).filter((name) => name.startsWith('FAKE'))).toEqual([]);
      expect(events.output('stdout')).toBe('Step 3/3 : FAKEStep 9/9 : FAKE');
    },
    SLOW,
  );

  it(
    'stops a build that is silent, and one that takes too long',
    async () => {
      const Dockerfile = (command: string): string => `FROM ${BASE}\nRUN ${command}\n`;
      const limits = { contextMaxBytes: 1e6, contextMaxFiles: 10, silenceTimeoutMs: 1_500, buildTimeoutMs: SLOW };
      const silent = await build({ Dockerfile: Dockerfile(`echo a; sleep ${uniqueSleep()}`) }, { limits });
      expect(silent.failure).toEqual(code('BUILD_SILENT_TIMEOUT'));
      const talking = { ...limits, silenceTimeoutMs: SLOW, buildTimeoutMs: 3_000 };
      const late = await build(
        { Dockerfile: Dockerfile('while true; do echo a; sleep 0.2; done') },
        { limits: talking },
      );
      expect(late.failure).toEqual(code('BUILD_TIMEOUT'));
    },
    SLOW,
  );

  it(
    'leaves nothing running after an abort, and no event follows',
    async () => {
      const seconds = uniqueSleep();
      const abort = new AbortController();
      const reason = new Error('cancelled by a user');
      const running = runBuild({
        docker,
        kind,
        files: { Dockerfile: `FROM ${BASE}\nRUN echo started; sleep ${seconds}\n` },
        request: {},
        signal: abort.signal,
        onOutput: () => abort.abort(reason),
      });
      const { failure, events } = await running;
      expect(failure).toBe(reason);
      expect(isRunning(`sleep ${seconds}`)).toBe(false);
      expect(events.ends.filter(({ name }) => name.includes('sleep'))).toEqual([]);
    },
    SLOW,
  );

  it(
    'keeps every byte of a log while its reader is slow',
    async () => {
      const { events, image } = await runBuild({
        docker,
        kind,
        files: { Dockerfile: `FROM ${BASE}\nRUN seq 1 100000\n` },
        request: {},
        onOutput: () => new Promise((resolve) => setTimeout(resolve, 5)),
      });
      expect(image).toBeDefined();
      expect(events.output('stdout') === Array.from({ length: 100_000 }, (_, n) => `${n + 1}\n`).join('')).toBe(true);
    },
    SLOW,
  );
});

describe('the engine', () => {
  it('is asked which builder it has', async () => {
    expect(await detectBuilder(docker)).toBe('buildkit');
    expect((await dockerBuilder({ docker })).kind).toBe('buildkit');
  });

  it('that is not there is no mistake of the user', async () => {
    const gone = engine('unix:///nonexistent/docker.sock');
    await expect(detectBuilder(gone)).rejects.toEqual(code('ENGINE_UNAVAILABLE', { infrastructure: true }));
    const { failure } = await runBuild({
      docker: gone,
      kind: 'classic',
      files: { Dockerfile: `FROM ${BASE}` },
      request: {},
    });
    expect(failure).toEqual(code('ENGINE_UNAVAILABLE'));
  });
});

/** Whether a process with these words runs on this machine; the engine's steps do, too. */
function isRunning(command: string): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .some((line) => line.trim() === command);
}
