import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { startGitServer, startHangingServer, until, type GitRepository, type GitServer } from '@slipway/testing';
import { SourceFailure, type SourceFailureCode } from '@slipway/git';
import type { SourceRequest } from '../source.js';
import { fetches, startHttp } from './git-source.fixtures.js';
import type { GitSourceOptions } from './git-source.js';

describe('git source fails with', () => {
  const { fetch, processes } = fetches();
  let server: GitServer;
  let web: GitRepository;

  beforeAll(async () => {
    server = await startGitServer();
    web = await server.createRepository('web', { a: '1' }, { commits: [{ a: '2' }] });
  });
  afterAll(() => server.stop());

  async function failure(request: Partial<SourceRequest>, options?: Partial<GitSourceOptions>): Promise<SourceFailure> {
    const error = await fetch({ cloneUrl: web.cloneUrl, ...request }, options).then(
      () => new Error('it did not fail'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof SourceFailure)) throw error;
    return error;
  }
  const expectFailure = async (
    code: SourceFailureCode,
    request: Partial<SourceRequest>,
    options?: Partial<GitSourceOptions>,
  ) => expect((await failure(request, options)).code).toBe(code);

  const answering = async (status: number, use: (url: string) => Promise<void>): Promise<void> => {
    const { url, server: http } = await startHttp((_, response) => response.writeHead(status).end());
    await use(url).finally(() => http.close());
  };

  describe('SOURCE_REPOSITORY_NOT_FOUND', () => {
    it('when the server knows no such repository', async () => {
      const error = await failure({ cloneUrl: `${server.url}/none.git` });
      expect(error).toMatchObject({ code: 'SOURCE_REPOSITORY_NOT_FOUND', infrastructure: false });
      expect(error.message).toContain(`${server.url}/none.git does not exist`);
      expect(error.lastLines.at(-1)).toMatch(/^fatal: repository .* not found$/);
    });

    it('when it is gone', () =>
      answering(410, (url) => expectFailure('SOURCE_REPOSITORY_NOT_FOUND', { cloneUrl: `${url}/r.git` })));

    it('when the URL is that of a web page', async () => {
      const page = '<!doctype html>\n<html>\n<body>Welcome</body>\n</html>\n';
      const { url, server: http } = await startHttp((_, response) => response.end(page));
      await expectFailure('SOURCE_REPOSITORY_NOT_FOUND', { cloneUrl: `${url}/r.git` }).finally(() => http.close());
    });

    it('when a tree would write into .git', async () => {
      const evil = await server.createRepository('evil', { '.git/hooks/post-checkout': { executable: '#!/bin/sh\n' } });
      await expectFailure('SOURCE_REPOSITORY_NOT_FOUND', { cloneUrl: evil.cloneUrl });
    });
  });

  describe('SOURCE_ACCESS_DENIED', () => {
    it('when the server asks for a login, or refuses one, and never shows it', async () => {
      const locked = await startGitServer({ auth: { username: 'ada', password: 'right' } });
      try {
        const { cloneUrl } = await locked.createRepository('private', { a: '1' });
        await expectFailure('SOURCE_ACCESS_DENIED', { cloneUrl });
        const error = await failure({ cloneUrl: cloneUrl.replace('//', '//ada:wrong-one@') });
        expect(error.code).toBe('SOURCE_ACCESS_DENIED');
        expect([error.message, ...error.lastLines].join()).not.toContain('wrong-one');
      } finally {
        await locked.stop();
      }
    });

    it('when the server forbids it', () =>
      answering(403, (url) => expectFailure('SOURCE_ACCESS_DENIED', { cloneUrl: `${url}/r.git` })));

    it.each(['ssh://git@127.0.0.1/r.git', 'git@127.0.0.1:r.git'])('when %s needs a key', async (cloneUrl) => {
      const error = await failure({ cloneUrl });
      expect(error.code).toBe('SOURCE_ACCESS_DENIED');
      expect(error.message).toContain('needs a deploy key');
    });
  });

  describe('SOURCE_REF_NOT_FOUND', () => {
    it.each([
      ['branch', 'none'],
      ['tag', 'main'],
      ['branch', 'ma*'],
      ['branch', '--upload-pack=x'],
    ] as const)('when there is no %s %s', async (type, name) => {
      const error = await failure({ ref: { type, name } });
      expect(error.code).toBe('SOURCE_REF_NOT_FOUND');
      expect(error.message).toContain(`no ${type} "${name}"`);
    });

    it('when only the end of another ref has this name', async () => {
      const { cloneUrl } = await server.createRepository('ends', { a: '1' }, { branches: { 'x/refs/heads/deep': 0 } });
      await expectFailure('SOURCE_REF_NOT_FOUND', { cloneUrl, ref: { type: 'branch', name: 'deep' } });
    });

    it('when a tag leads to no commit', async () => {
      const { cloneUrl, directory } = await server.createRepository('blob', { a: '1' });
      execFileSync('git', ['-C', directory, 'update-ref', 'refs/tags/blob', 'main:a']);
      await expectFailure('SOURCE_REF_NOT_FOUND', { cloneUrl, ref: { type: 'tag', name: 'blob' } });
    });

    it('when branch and commit are both unknown', () =>
      expectFailure('SOURCE_REF_NOT_FOUND', { ref: { type: 'branch', name: 'none' }, commit: '1'.repeat(40) }));
  });

  describe('SOURCE_COMMIT_NOT_FOUND', () => {
    it.each(['1'.repeat(40), '1234567', 'HEAD', '--all'])('when there is no commit %s', (commit) =>
      expectFailure('SOURCE_COMMIT_NOT_FOUND', { commit }),
    );

    it('when a server that hands out nothing by id has none', async () => {
      const old = await startGitServer({ protocolV2: false });
      try {
        const { cloneUrl } = await old.createRepository('web', { a: '1' });
        await expectFailure('SOURCE_COMMIT_NOT_FOUND', { cloneUrl, commit: '1'.repeat(40) });
      } finally {
        await old.stop();
      }
    });

    it('when the id is that of a file', async () => {
      const commit = execFileSync('git', ['-C', web.directory, 'rev-parse', 'main:a']).toString().trim();
      await expectFailure('SOURCE_COMMIT_NOT_FOUND', { commit });
    });
  });

  describe('SOURCE_UNREACHABLE', () => {
    it('when nobody listens', async () => {
      const hanging = await startHangingServer();
      await hanging.stop();
      const error = await failure({ cloneUrl: `${hanging.url}/r.git` });
      expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', infrastructure: true });
      expect(error.message).toContain('Failed to connect');
    });

    it('when the name does not resolve', async () => {
      const host = `${'a'.repeat(64)}.invalid`; // too long a label: refused without asking the network
      const error = await failure(
        { cloneUrl: `https://${host}/r.git` },
        { environment: { PATH: process.env['PATH'] } },
      );
      expect(error.code).toBe('SOURCE_UNREACHABLE');
      expect(error.message).toContain('no address of');
    });

    it('when the server speaks no TLS', () =>
      expectFailure('SOURCE_UNREACHABLE', { cloneUrl: web.cloneUrl.replace('http:', 'https:') }));

    it.each([429, 500, 503])('when the server answers %i', (status) =>
      answering(status, (url) => expectFailure('SOURCE_UNREACHABLE', { cloneUrl: `${url}/r.git` })),
    );

    it('when the transfer stalls', async () => {
      const hanging = await startHangingServer();
      try {
        const error = await failure({ cloneUrl: `${hanging.url}/r.git` }, { stallMs: 1_000 });
        expect(error.code).toBe('SOURCE_UNREACHABLE');
        expect(error.message).toContain('too slow');
      } finally {
        await hanging.stop();
      }
    }, 30_000);
  });

  it('SOURCE_TIMEOUT when it takes too long, and leaves no process', async () => {
    const hanging = await startHangingServer();
    try {
      const failed = failure({ cloneUrl: `${hanging.url}/r.git` }, { timeoutMs: 5_000 });
      await until(async () => (await processes()).length > 0 && hanging.connections() > 0);
      expect((await failed).code).toBe('SOURCE_TIMEOUT');
      await until(async () => (await processes()).length === 0 && hanging.connections() === 0);
    } finally {
      await hanging.stop();
    }
  });

  describe('SOURCE_TOO_LARGE', () => {
    const MIB = 1_048_576;

    it('when more arrives than allowed', async () => {
      const { cloneUrl } = await server.createRepository('random', { blob: randomBytes(3 * MIB) });
      const error = await failure({ cloneUrl }, { maxBytes: 2 * MIB });
      expect(error.code).toBe('SOURCE_TOO_LARGE');
      expect(error.message).toContain('sends');
    });

    it('when the files of a small pack are larger than allowed', async () => {
      const { cloneUrl } = await server.createRepository('zeros', { blob: new Uint8Array(3 * MIB) });
      const error = await failure({ cloneUrl }, { maxBytes: 2 * MIB });
      expect(error.message).toContain('bytes of files');
    });

    it('when a tree of a few kilobytes holds 10 thousand million files', async () => {
      const { cloneUrl, directory } = await server.createRepository('bomb', { a: '1' });
      const git = (args: readonly string[], input = ''): string =>
        execFileSync('git', ['-C', directory, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { input })
          .toString()
          .trim();
      let entry = `100644 blob ${git(['hash-object', '-w', '--stdin'], 'x')}`;
      for (let level = 0; level < 10; level++) {
        const names = Array.from({ length: 10 }, (_, n) => `${entry}\tf${n}\n`).join('');
        entry = `040000 tree ${git(['mktree'], names)}`;
      }
      git(['update-ref', 'refs/heads/main', git(['commit-tree', '-m', 'bomb', entry.slice(12)])]);
      const error = await failure({ cloneUrl }, { maxFiles: 10_000 });
      expect(error.code).toBe('SOURCE_TOO_LARGE');
      expect(error.message).toContain('more than 10000 files');
      await until(async () => (await processes()).length === 0);
    });
  });
});
