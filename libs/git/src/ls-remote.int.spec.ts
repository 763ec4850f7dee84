import { egressTo, parsePrivateHosts } from '@slipway/egress';
import { startGitServer, startHangingServer, type GitServer } from '@slipway/testing';
import { lsRemote } from './ls-remote.js';
import { parseCloneUrl } from './remote.js';

describe('the refs of a remote', () => {
  let server: GitServer;
  beforeAll(async () => {
    server = await startGitServer();
  });
  afterAll(() => server.stop());

  const egress = egressTo({ privateHosts: parsePrivateHosts('127.0.0.0/8') });
  const signal = AbortSignal.timeout(60_000);
  const ask = (url: string, options: { timeoutMs?: number; maxRefs?: number } = {}) =>
    lsRemote(parseCloneUrl(url), { egress, signal, ...options });

  it('are its branches and tags with their commits, those of annotated tags included', async () => {
    const { cloneUrl, commits } = await server.createRepository(
      'web',
      { a: '1' },
      { commits: [{ a: '2' }], branches: { 'release/1': 0 }, tags: { v1: 0 }, annotatedTags: { v2: 1 } },
    );
    expect(await ask(cloneUrl)).toEqual([
      { name: 'refs/heads/main', commit: commits[1] },
      { name: 'refs/heads/release/1', commit: commits[0] },
      { name: 'refs/tags/v1', commit: commits[0] },
      { name: 'refs/tags/v2', commit: commits[1] },
    ]);
  });

  it('are refused in words when there are too many, or no repository', async () => {
    const { cloneUrl } = await server.createRepository('many', { a: '1' }, { branches: { b: 0, c: 0, d: 0 } });
    await expect(ask(cloneUrl, { maxRefs: 1 })).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
    await expect(ask(`${server.url}/none.git`)).rejects.toMatchObject({ code: 'SOURCE_REPOSITORY_NOT_FOUND' });
  });

  it('are given up when the host says nothing', async () => {
    const hanging = await startHangingServer();
    await expect(ask(`${hanging.url}/r.git`, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    await hanging.stop();
  });
});
