import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../temporary-directory.js';
import { until } from '../until.js';
import { startGitServer, type GitServer, type GitServerOptions } from './git-server.js';
import { startHangingServer } from './hanging-server.js';

const run = promisify(execFile);

describe('git server', () => {
  const open: GitServer[] = [];
  const place = temporaryDirectory();
  afterAll(async () => {
    await Promise.all(open.map((server) => server.stop()));
    place.remove();
  });
  const start = async (options?: GitServerOptions): Promise<GitServer> => {
    const server = await startGitServer(options);
    open.push(server);
    return server;
  };
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', args, { cwd: place.path, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } })).stdout.trim();

  it('serves files of every kind to a git client', async () => {
    const server = await start();
    const repository = await server.createRepository('team/web', {
      'read me.txt': 'hello\n',
      'bin/run': { executable: '#!/bin/sh\n' },
      link: { symlink: 'bin/run' },
      raw: Uint8Array.of(0, 255),
    });
    await git('clone', '-q', repository.cloneUrl, 'every');
    const at = (path: string): string => join(place.path, 'every', path);
    expect(await readFile(at('read me.txt'), 'utf8')).toBe('hello\n');
    expect((await stat(at('bin/run'))).mode & 0o100).toBe(0o100);
    expect(await readlink(at('link'))).toBe('bin/run');
    expect([...(await readFile(at('raw')))]).toEqual([0, 255]);
    expect(await git('-C', 'every', 'rev-parse', 'HEAD')).toBe(repository.head);
    expect(server.requests).toContain('POST /team/web.git/git-upload-pack');
  });

  it('has the branches, tags and commits asked for', async () => {
    const server = await start();
    const { cloneUrl, commits } = await server.createRepository(
      'refs',
      { a: '1' },
      {
        branch: 'trunk',
        commits: [{ a: '2' }, { a: '3' }],
        branches: { 'release/1': 1 },
        tags: { v1: 0 },
        annotatedTags: { v2: 1 },
      },
    );
    expect(commits).toHaveLength(3);
    const lines = (await git('ls-remote', '--symref', cloneUrl)).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'ref: refs/heads/trunk\tHEAD',
        `${commits[2]}\trefs/heads/trunk`,
        `${commits[1]}\trefs/heads/release/1`,
        `${commits[0]}\trefs/tags/v1`,
        `${commits[1]}\trefs/tags/v2^{}`,
      ]),
    );
    expect(lines).toHaveLength(7);
  });

  it('asks for credentials where it has some', async () => {
    const server = await start({ auth: { username: 'ada', password: 'pass word' } });
    const { cloneUrl, head } = await server.createRepository('private', { a: '1' });
    await expect(git('ls-remote', cloneUrl)).rejects.toThrow('could not read Username');
    const url = cloneUrl.replace('//', '//ada:pass%20word@');
    expect(await git('ls-remote', url, 'refs/heads/main')).toBe(`${head}\trefs/heads/main`);
  });

  it('speaks version 0 where told to', async () => {
    const server = await start({ protocolV2: false });
    const { cloneUrl, commits } = await server.createRepository('old', { a: '1' }, { commits: [{ a: '2' }] });
    await git('init', '-q', 'v0');
    await expect(git('-C', 'v0', 'fetch', '-q', '--depth=1', cloneUrl, commits[0] ?? '')).rejects.toThrow(
      'does not allow request for unadvertised object',
    );
  });

  it('makes the same commit ids of the same files', async () => {
    const server = await start();
    const [one, two] = [
      await server.createRepository('one', { a: '1' }),
      await server.createRepository('two', { a: '1' }),
    ];
    expect(one.commits).toEqual(two.commits);
  });

  it('leaves nothing behind', async () => {
    const server = await startGitServer();
    const { directory } = await server.createRepository('gone', { a: '1' });
    await server.stop();
    expect(existsSync(directory)).toBe(false);
    await expect(git('ls-remote', `${server.url}/gone.git`)).rejects.toThrow();
  });

  it('tells of a repository that does not exist', async () => {
    const server = await start();
    await expect(git('ls-remote', `${server.url}/none.git`)).rejects.toThrow('not found');
  });
});

describe('hanging server', () => {
  it('takes a connection and never answers, until it is stopped', async () => {
    const server = await startHangingServer();
    const answer = fetch(server.url).then(
      () => 'answered',
      () => 'broken',
    );
    await until(() => server.connections() === 1);
    await server.stop();
    expect(await answer).toBe('broken');
  });
});
