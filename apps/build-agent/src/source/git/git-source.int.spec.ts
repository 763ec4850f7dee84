import { execFile } from 'node:child_process';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { makePrivateCa, startGitServer, type GitRepository, type GitServer } from '@slipway/testing';
import { fetches } from './git-source.fixtures.js';

const run = promisify(execFile);

describe('git source', () => {
  const { fetch } = fetches();
  let server: GitServer;
  let old: GitServer; // speaks version 0: hands out by id only what it advertises
  let web: GitRepository;

  beforeAll(async () => {
    server = await startGitServer();
    web = await server.createRepository(
      'team/web',
      {
        Dockerfile: 'FROM scratch\n',
        'bin/run': { executable: '#!/bin/sh\n' },
        link: { symlink: '/etc/passwd' },
        n: '0',
      },
      {
        commits: Array.from({ length: 120 }, (_, n) => ({ n: String(n + 1) })),
        branches: { 'release/1': 60, both: 1 },
        tags: { v1: 3, both: 2 },
        annotatedTags: { v2: 4 },
      },
    );
    old = await startGitServer({ root: web.directory.slice(0, -'/team/web.git'.length), protocolV2: false });
  });
  afterAll(async () => {
    await server.stop();
    await old.stop();
  });
  const oldUrl = (): string => `${old.url}/team/web.git`;
  const id = (n: number): string => web.commits[n] ?? '';

  it('checks out the head of a branch, and nothing of its history', async () => {
    const { commit, directory, at } = await fetch({ cloneUrl: web.cloneUrl });
    expect(commit).toBe(web.head);
    expect(await readFile(at('n'), 'utf8')).toBe('120');
    expect((await readdir(directory)).toSorted()).toEqual(['.git', 'Dockerfile', 'bin', 'link', 'n']);
    expect((await run('git', ['-C', directory, 'rev-list', '--count', 'HEAD'])).stdout.trim()).toBe('1');
  });

  it('keeps executable bits, and symlinks as they are', async () => {
    const { at } = await fetch({ cloneUrl: web.cloneUrl });
    expect((await lstat(at('bin/run'))).mode & 0o111).toBe(0o111);
    expect(await readlink(at('link'))).toBe('/etc/passwd');
  });

  it('says what it does in the words of git', async () => {
    const { lines, directory } = await fetch({ cloneUrl: web.cloneUrl });
    expect(lines[0]).toBe(`Cloning into '${directory}'...`);
    expect(lines).toContain(`From ${server.url}/team/web`);
    expect(lines.filter((line) => line.includes('Counting objects'))).toEqual([
      expect.stringMatching(/100% .*, done\.$/),
    ]);
  });

  it.each([
    ['branch', 'release/1', 60],
    ['tag', 'v1', 3],
    ['tag', 'v2', 4],
    ['branch', 'both', 1],
    ['tag', 'both', 2],
  ] as const)('fetches the %s %s', async (type, name, n) => {
    const { commit, at } = await fetch({ cloneUrl: web.cloneUrl, ref: { type, name } });
    expect(commit).toBe(id(n));
    expect(await readFile(at('n'), 'utf8')).toBe(String(n));
  });

  it.each([120, 119, 0])('fetches commit %i by its id', async (n) => {
    const { commit, at } = await fetch({ cloneUrl: web.cloneUrl, commit: id(n) });
    expect(commit).toBe(id(n));
    expect(await readFile(at('n'), 'utf8')).toBe(String(n));
  });

  it.each([120, 100, 5])('fetches commit %i from a server that refuses it by id', async (n) => {
    const { commit, at } = await fetch({ cloneUrl: oldUrl(), commit: id(n) });
    expect(commit).toBe(id(n));
    expect(await readFile(at('n'), 'utf8')).toBe(String(n));
  });

  it.each([120, 100, 5])('finds commit %i by the first digits of its id', async (n) => {
    expect((await fetch({ cloneUrl: web.cloneUrl, commit: id(n).slice(0, 10) })).commit).toBe(id(n));
  });

  it('fetches a commit whose branch is gone', async () => {
    const gone = { type: 'branch', name: 'gone' } as const;
    expect((await fetch({ cloneUrl: web.cloneUrl, ref: gone, commit: id(7) })).commit).toBe(id(7));
  });

  it('fetches from a repository with SHA-256 ids', async () => {
    const { cloneUrl, head } = await server.createRepository('sha256', { a: '1' }, { objectFormat: 'sha256' });
    expect(head).toHaveLength(64);
    expect((await fetch({ cloneUrl })).commit).toBe(head);
    expect((await fetch({ cloneUrl, commit: head })).commit).toBe(head);
    expect((await fetch({ cloneUrl, commit: head.slice(0, 12) })).commit).toBe(head);
  });

  it('fetches 20,000 files', async () => {
    const files = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`d${n % 97}/f${n}`, `file ${n}\n`]));
    const { cloneUrl, head } = await server.createRepository('many', files);
    const { commit, at } = await fetch({ cloneUrl });
    expect(commit).toBe(head);
    expect(await readFile(at('d17/f19999'), 'utf8')).toBe('file 19999\n');
  }, 60_000);

  it('shows a login to the server alone', async () => {
    const auth = { username: 'ada', password: 'hunter2 @home' };
    const locked = await startGitServer({ auth });
    try {
      const { cloneUrl, head } = await locked.createRepository('private', { a: '1' });
      const url = cloneUrl.replace('//', `//ada:${encodeURIComponent(auth.password)}@`);
      const { commit, lines, at } = await fetch({ cloneUrl: url });
      expect(commit).toBe(head);
      const written = await Promise.all(['.git/config', '.git/FETCH_HEAD'].map((file) => readFile(at(file), 'utf8')));
      expect([...lines, ...written].join('\n')).not.toMatch(/hunter2|ada:/);
    } finally {
      await locked.stop();
    }
  });

  it('trusts a certificate when its authority is named, and no other', async () => {
    const authority = makePrivateCa();
    const secure = await startGitServer({ tls: authority.tls });
    try {
      const { cloneUrl, head } = await secure.createRepository('secure', { a: '1' });
      const environment = { ...process.env, GIT_SSL_CAINFO: authority.caFile };
      expect((await fetch({ cloneUrl }, { environment })).commit).toBe(head);
      await expect(fetch({ cloneUrl })).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
        message: expect.stringContaining('certificate'),
      });
    } finally {
      await secure.stop();
      authority.remove();
    }
  });

  it('runs many fetches at once', async () => {
    const commits = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (n) => (await fetch({ cloneUrl: web.cloneUrl, commit: id(n) })).commit),
    );
    expect(commits).toEqual([1, 2, 3, 4, 5, 6].map(id));
  });
});
