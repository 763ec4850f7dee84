import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { temporaryDirectory } from '@slipway/testing';
import { locateSources, type SourcePaths } from './build-sources.js';
import { packContext } from './pack-context.js';
import { type ContextLimits, type ContextPlan, planContext } from './plan-context.js';

const NO_LIMITS: ContextLimits = { maxBytes: Infinity, maxFiles: Infinity };
const directories: { remove(): void }[] = [];
afterAll(() => directories.forEach((directory) => directory.remove()));

/** A checkout of these files. A text that starts with `->` is a symlink's target. */
async function checkout(files: Record<string, string>): Promise<string> {
  const directory = temporaryDirectory();
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory.path, 'repository', name);
    await mkdir(dirname(path), { recursive: true });
    if (text.startsWith('->')) await symlink(text.slice(2), path);
    else await writeFile(path, text, { mode: name.endsWith('.sh') ? 0o700 : 0o600 });
  }
  return join(directory.path, 'repository');
}

async function plan(
  repositoryDirectory: string,
  paths: Partial<SourcePaths> = {},
  limits = NO_LIMITS,
): Promise<ContextPlan> {
  const sources = await locateSources({ repositoryDirectory, contextPath: '/', dockerfileLocation: '/', ...paths });
  return planContext(sources, sources.dockerfileText, limits, new AbortController().signal);
}

const names = ({ members }: ContextPlan): string[] => members.map(({ name }) => name);
const pack = (of: ContextPlan): Promise<Buffer> => buffer(packContext(of, () => {}));
const tar = (archive: Buffer, ...args: string[]): string =>
  execFileSync('tar', args, {
    input: archive,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('the build context', () => {
  it('is what tar reads: sorted, owned by root, with two modes and no time', async () => {
    const long = `${'d'.repeat(120)}/${'f'.repeat(120)}`;
    const repository = await checkout({
      Dockerfile: 'FROM a',
      'run.sh': 'x',
      'ü/é': 'text',
      [long]: 'deep',
      link: `->${long}`,
    });
    const listing = tar(await pack(await plan(repository)), '-tvf', '-', '--numeric-owner');
    const entry = (line: string): string => line.replace(/\s+/g, ' ').replace(' 1970-01-01 00:00', '');
    expect(listing.trim().split('\n').map(entry)).toEqual([
      '-rw-r--r-- 0/0 6 Dockerfile',
      `drwxr-xr-x 0/0 0 ${'d'.repeat(120)}/`,
      `-rw-r--r-- 0/0 4 ${long}`,
      `lrwxrwxrwx 0/0 0 link -> ${long}`,
      '-rwxr-xr-x 0/0 1 run.sh',
      'drwxr-xr-x 0/0 0 ü/',
      '-rw-r--r-- 0/0 4 ü/é',
    ]);
  });

  it('keeps content of any size, and counts what it sends', async () => {
    const repository = await checkout({
      Dockerfile: 'FROM a',
      empty: '',
      odd: 'x'.repeat(513),
      large: 'y'.repeat(1_000_001),
    });
    let sent = 0;
    const archive = await buffer(packContext(await plan(repository), (bytes) => (sent = bytes)));
    expect(tar(archive, '-xOf', '-', 'large', 'odd', 'empty')).toBe('y'.repeat(1_000_001) + 'x'.repeat(513));
    expect(sent).toBe(archive.length);
  });

  it('is byte for byte the same for the same content', async () => {
    const files = { Dockerfile: 'FROM a', 'a/b': '1', c: '->a/b' };
    const [one, other] = [await pack(await plan(await checkout(files))), await pack(await plan(await checkout(files)))];
    expect(one.equals(other)).toBe(true);
  });

  it('obeys .dockerignore, also where a rule takes back, and always has the Dockerfile', async () => {
    const repository = await checkout({
      '.dockerignore': '*\n!src\nsrc/*.tmp\n!deep/er/kept',
      Dockerfile: 'FROM a',
      'src/a': '',
      'src/b.tmp': '',
      'deep/er/kept': '',
      'deep/er/gone': '',
      'other/x': '',
    });
    expect(names(await plan(repository))).toEqual(['Dockerfile', 'deep', 'deep/er', 'deep/er/kept', 'src', 'src/a']);
  });

  it('prefers the ignore file beside the Dockerfile', async () => {
    const repository = await checkout({
      '.dockerignore': 'a',
      'b.Dockerfile.dockerignore': 'b',
      'b.Dockerfile': 'FROM a',
      a: '',
      b: '',
    });
    expect(names(await plan(repository, { dockerfileLocation: '/b.Dockerfile' }))).toContain('a');
    expect(names(await plan(repository, { dockerfileLocation: '/b.Dockerfile' }))).not.toContain('b');
  });

  it('adds a Dockerfile from outside under a name that nothing has', async () => {
    const repository = await checkout({
      'docker/Dockerfile': 'FROM outside',
      'web/index.html': '',
      'web/.slipway.Dockerfile': 'mine',
    });
    const planned = await plan(repository, { contextPath: '/web', dockerfileLocation: 'docker' });
    expect(planned.dockerfileName).toBe('.slipway.Dockerfile_');
    expect(tar(await pack(planned), '-xOf', '-', planned.dockerfileName)).toBe('FROM outside');
  });

  it('leaves out the .git of the repository, but not of others', async () => {
    const repository = await checkout({ Dockerfile: 'FROM a', '.git/config': 'secret', 'vendor/.git/config': 'data' });
    expect(names(await plan(repository))).toEqual(['Dockerfile', 'vendor', 'vendor/.git', 'vendor/.git/config']);
  });

  it('carries symlinks as they are and never what they point to', async () => {
    const repository = await checkout({ Dockerfile: 'FROM a', out: '->/etc/passwd', up: '->../..', dead: '->nowhere' });
    const planned = await plan(repository);
    expect(planned.members.filter(({ type }) => type === 'symlink').map(({ linkTarget }) => linkTarget)).toEqual([
      'nowhere',
      '/etc/passwd',
      '../..',
    ]);
    expect((await pack(planned)).includes('root:x:0:0')).toBe(false);
  });

  it('says what it cannot carry', async () => {
    const repository = await checkout({ Dockerfile: 'FROM a' });
    execFileSync('mkfifo', [join(repository, 'pipe')]);
    await writeFile(Buffer.concat([Buffer.from(`${repository}/latin`), Buffer.from([0xe9])]), '');
    const planned = await plan(repository);
    expect(names(planned)).toEqual(['Dockerfile']);
    expect(planned.skipped).toEqual([expect.stringContaining('not UTF-8'), expect.stringContaining('"pipe"')]);
  });

  it('counts exactly what is too much', async () => {
    const repository = await checkout({ Dockerfile: 'FROM a', a: 'x'.repeat(100), 'b/c': 'x'.repeat(50) });
    await plan(repository, {}, { maxBytes: 156, maxFiles: 4 });
    const refused = (limits: ContextLimits): Promise<ContextPlan> => plan(repository, {}, limits);
    const exact = expect.objectContaining({
      code: 'CONTEXT_TOO_LARGE',
      message: expect.stringContaining('156 bytes in 4 files'),
    });
    await expect(refused({ maxBytes: 155, maxFiles: 4 })).rejects.toEqual(exact);
    await expect(refused({ maxBytes: 156, maxFiles: 3 })).rejects.toEqual(exact);
    await expect(refused({ maxBytes: 156, maxFiles: 1 })).rejects.toEqual(exact);
  });

  it('fails when a file shrinks or becomes a symlink after it was counted', async () => {
    const repository = await checkout({ Dockerfile: 'FROM a', a: 'xxx', b: 'yyy' });
    const planned = await plan(repository);
    await truncate(join(repository, 'a'), 1);
    await expect(pack(planned)).rejects.toThrow('changed while it was packed: a');
    execFileSync('ln', ['-sf', '/etc/passwd', join(repository, 'a')]);
    await expect(pack(planned)).rejects.toThrow('ELOOP');
  });
});

describe('paths of a build', () => {
  const files = {
    Dockerfile: 'FROM root',
    'web/Dockerfile': 'FROM web',
    'web/Other.df': 'FROM other',
    inner: '->web',
    outer: '->/etc',
    'Outer.df': '->/etc/passwd',
    ring: '->ring',
    'empty.df': ' \n',
    '.git/config': 'secret',
  };

  it('finds a Dockerfile by folder and by name, with and without a leading slash, through a symlink that stays inside', async () => {
    const repository = await checkout(files);
    const text = async (dockerfileLocation: string): Promise<string> =>
      (await locateSources({ repositoryDirectory: repository, contextPath: '/', dockerfileLocation })).dockerfileText;
    const found = await Promise.all(
      ['/', '', 'web', '/web/', '/web/Other.df', 'inner', './web/../Dockerfile'].map(text),
    );
    expect(found).toEqual(['FROM root', 'FROM root', 'FROM web', 'FROM web', 'FROM other', 'FROM web', 'FROM root']);
  });

  it.each([
    '..',
    '/../..',
    'web/../../x',
    'outer',
    'Outer.df',
    'ring',
    'missing',
    'Dockerfile/x',
    'web\0',
    '.git',
    'x'.repeat(5_000),
  ])('refuses %j as a context and as a Dockerfile', async (path) => {
    const repositoryDirectory = await checkout(files);
    const locate = (paths: Partial<SourcePaths>): Promise<unknown> =>
      locateSources({ repositoryDirectory, contextPath: '/', dockerfileLocation: '/', ...paths });
    await expect(locate({ contextPath: path })).rejects.toEqual(code('CONTEXT_NOT_FOUND'));
    await expect(locate({ dockerfileLocation: path })).rejects.toEqual(code('DOCKERFILE_NOT_FOUND'));
  });

  it('refuses a file as a context, a folder without a Dockerfile, and an empty Dockerfile', async () => {
    const repositoryDirectory = await checkout({ ...files, 'bare/x': '' });
    const locate = (contextPath: string, dockerfileLocation: string): Promise<unknown> =>
      locateSources({ repositoryDirectory, contextPath, dockerfileLocation });
    await expect(locate('Dockerfile', '/')).rejects.toEqual(code('CONTEXT_NOT_FOUND'));
    await expect(locate('/', 'bare')).rejects.toEqual(code('DOCKERFILE_NOT_FOUND'));
    await expect(locate('/', 'empty.df')).rejects.toEqual(code('DOCKERFILE_INVALID'));
  });
});
