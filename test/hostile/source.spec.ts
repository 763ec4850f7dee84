import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGitServer, until, type GitServer } from '@slipway/testing';
import { fetches } from '../../apps/build-agent/src/source/git/git-source.fixtures.js';

const MIB = 1_048_576;
const SLOW = 60_000; // ms for one test: the machine may be busy

/** What a repository may say, and what an agent makes of it: files, and nothing else. */
describe('a repository that wants to be more than files', () => {
  const { fetch, path, processes } = fetches();
  const canary = join(path, 'canary');
  const script = `#!/bin/sh\ntouch ${canary}\n`;
  let server: GitServer;
  beforeAll(async () => {
    server = await startGitServer();
  });
  afterAll(() => server.stop());
  afterEach(() => expect(existsSync(canary)).toBe(false));

  const git = (directory: string, args: readonly string[], input: string | Buffer = ''): string =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=x', '-c', 'user.email=x@x.invalid', ...args], {
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
      .toString()
      .trim();

  it('could run commands, where git is not held back', () => {
    const fired = (n: number): string => join(path, `fired-${n}`);
    const { status } = spawnSync('git', ['-c', 'protocol.ext.allow=always', 'ls-remote', `ext::touch ${fired(1)}`]);
    spawnSync('git', ['ls-remote', `--upload-pack=touch ${fired(2)};`, path]);
    expect([status, existsSync(fired(1)), existsSync(fired(2))]).toEqual([128, true, true]);
  });

  it('brings hooks, and none is run', async () => {
    const { cloneUrl } = await server.createRepository('hooks', { '.githooks/post-checkout': script, a: '1' });
    const { at } = await fetch({ cloneUrl });
    expect(readFileSync(at('.githooks/post-checkout'), 'utf8')).toBe(script);
    expect(existsSync(at('.git/hooks'))).toBe(false);
    const fired = join(path, 'fired');
    execFileSync('sh', ['-c', script.replace(canary, fired)]);
    expect(existsSync(fired)).toBe(true); // it can
  });

  it.each([
    ['ext::', () => `ext::sh -c touch% ${canary}`],
    ['an option', () => `--upload-pack=touch ${canary}`],
    ['a local path', () => path],
    ['file://', () => `file://${path}`],
    ['another server', () => `${server.url}/secret.git`],
    ['another server, with a command', () => `${server.url}/secret.git\n\tupdate = !touch ${canary}`],
  ])('has a submodule at %s, and nobody asks for it', async (what, url) => {
    const name = `submodule-${what.length}`;
    const inner = await server.createRepository(`inner-${what.length}`, { a: '1' });
    const text = `[submodule "x"]\n\tpath = x\n\turl = ${url()}\n`;
    const { cloneUrl } = await server.createRepository(name, { '.gitmodules': text, x: { submodule: inner.head } });
    const fetched = await fetch({ cloneUrl }).catch(failureOf); // git itself refuses the worst of them
    if (fetched) expect(readdirSync(fetched.at('x'))).toEqual([]);
    expect(server.requests.filter((request) => request.includes('secret.git'))).toEqual([]);
  });

  it.each(['.git/config', '.GIT/config', 'git~1/config', '.git./hooks/post-checkout'])(
    'has a file %s, and no configuration is changed by it',
    async (name) => {
      const { cloneUrl, directory } = await server.createRepository(`dotgit-${name.length}-${name.charCodeAt(1)}`, {
        a: '1',
      });
      const blob = git(directory, ['hash-object', '-w', '--stdin'], `[core]\n\tfsmonitor = touch ${canary}\n`);
      let entry = `100644 blob ${blob}\t${name.split('/').at(-1)}`;
      for (const folder of name.split('/').slice(0, -1).toReversed())
        entry = `040000 tree ${git(directory, ['mktree'], `${entry}\n`)}\t${folder}`;
      const tree = git(directory, ['mktree'], `${entry}\n`);
      git(directory, ['update-ref', 'refs/heads/main', git(directory, ['commit-tree', '-m', 'x', tree])]);
      const fetched = await fetch({ cloneUrl }).catch(failureOf);
      if (fetched) expect(readFileSync(fetched.at('.git/config'), 'utf8')).not.toContain('fsmonitor');
    },
  );

  it.each([
    ['--upload-pack=touch$IFS$9CANARY'],
    ['-uCANARY'],
    ['--exec=CANARY'],
    ['refs/heads/main --upload-pack=CANARY'],
    [':(exec)CANARY'],
  ])('has a ref %s, and it is a name', async (template) => {
    const { cloneUrl } = await server.createRepository(`refs-${template.length}`, { a: '1' });
    const name = template.replace('CANARY', canary);
    await expect(fetch({ cloneUrl, ref: { type: 'branch', name } })).rejects.toMatchObject({
      code: 'SOURCE_REF_NOT_FOUND',
    });
  });

  it(
    'is a pack of a few hundred kilobytes that unpacks to 128 MB, and the disk does not meet them',
    async () => {
      const { cloneUrl, directory } = await server.createRepository('bomb', { a: '1' });
      const blob = git(directory, ['hash-object', '-w', '--stdin'], Buffer.alloc(128 * MIB));
      const tree = git(directory, ['mktree'], `100644 blob ${blob}\tzeros\n`);
      git(directory, ['update-ref', 'refs/heads/main', git(directory, ['commit-tree', '-m', 'x', tree])]);
      const before = bytesBelow(path);
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, bytesBelow(path) - before)), 20);
      await expect(fetch({ cloneUrl }, { maxBytes: 32 * MIB }))
        .rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE', infrastructure: false })
        .finally(() => clearInterval(watch));
      expect(most).toBeLessThan(32 * MIB);
      expect(most).toBeGreaterThan(0); // something arrived
      await until(async () => (await processes()).length === 0);
    },
    SLOW,
  );

  it(
    'is deeper than any path may be, and ends as a failure of its own',
    async () => {
      const { cloneUrl, directory } = await server.createRepository('deep', { a: '1' });
      const deep = Array.from({ length: 300 }, (_, n) => `${n}`.padStart(20, 'd')).join('/');
      const blob = git(directory, ['hash-object', '-w', '--stdin'], 'x');
      const stream = `commit refs/heads/main\ncommitter x <x@x.invalid> 0 +0000\ndata 1\nx\nM 100644 ${blob} ${deep}\n`;
      git(directory, ['fast-import', '--force', '--quiet'], stream);
      await expect(fetch({ cloneUrl })).rejects.toMatchObject({ name: 'SourceFailure', infrastructure: false });
      await until(async () => (await processes()).length === 0);
    },
    SLOW,
  );

  it('is wider than allowed, and is counted before it is written', async () => {
    const files = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`f${n}`, '']));
    const { cloneUrl } = await server.createRepository('wide', files);
    const before = readdirSync(path).length;
    await expect(fetch({ cloneUrl }, { maxFiles: 1_000 })).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
    expect(readdirSync(path).length).toBe(before + 1); // its workspace, which the attempt removes
    expect((await fetch({ cloneUrl }, { maxFiles: 2_000 })).commit).toMatch(/^[0-9a-f]{40}$/);
  });
});

/** Fetching may fail, but only as the repository's own fault. */
function failureOf(error: unknown): undefined {
  expect(error).toMatchObject({ name: 'SourceFailure', infrastructure: false });
}

/** What files take up, not how long they say they are; files may go meanwhile. */
function bytesBelow(directory: string): number {
  const { stdout } = spawnSync('du', ['-s', '--block-size=1', directory], { encoding: 'utf8' });
  return Number(stdout.split('\t')[0]);
}
