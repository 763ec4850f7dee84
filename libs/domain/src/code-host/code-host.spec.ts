import type { CodeSource } from '@slipway/contracts';
import { codeHosts, locateCode, refPage } from './code-host.js';

const hosts = codeHosts({ GitCafe: 'https://gitcafe.com' });
const on = (client: Exclude<CodeSource['client'], 'Simple'>): CodeSource => ({ client, namespace: 'n', name: 'r' });
const simple = (cloneUrl: string): CodeSource => ({ client: 'Simple', cloneUrl });

describe('code host', () => {
  it.each([
    ['GitHub', 'github.com', '/commit/', '/settings/keys'],
    ['Bitbucket', 'bitbucket.org', '/commits/', '/admin/access-keys/'],
    ['OSChina', 'gitee.com', '/commit/', '/deploy_keys'],
    ['GitCafe', 'gitcafe.com', '/commit/', null],
  ] as const)('knows the pages and clone URLs of %s', (client, host, commit, deployKeys) => {
    const page = `https://${host}/n/r`;
    expect(locateCode(on(client), hosts)).toEqual({
      path: 'n/r',
      page,
      commitPrefix: page + commit,
      deployKeys: deployKeys && page + deployKeys,
      clone: { public: `${page}.git`, key: `git@${host}:n/r.git` },
    });
  });

  it.each([
    ['GitHub', 'branch', 'https://github.com/n/r/tree/x'],
    ['GitHub', 'tag', 'https://github.com/n/r/tree/x'],
    ['Bitbucket', 'branch', 'https://bitbucket.org/n/r/branch/x'],
    ['Bitbucket', 'tag', 'https://bitbucket.org/n/r/commits/tag/x'],
    ['OSChina', 'branch', 'https://gitee.com/n/r/tree/x'],
    ['OSChina', 'tag', 'https://gitee.com/n/r/tree/x'],
    ['GitCafe', 'branch', 'https://gitcafe.com/n/r/tree/x'],
    ['GitCafe', 'tag', 'https://gitcafe.com/n/r/tree/x'],
  ] as const)('shows on %s the page of a %s', (client, refType, page) =>
    expect(refPage(on(client), hosts, refType, 'x')).toBe(page),
  );

  it('keeps the slashes of a ref and quotes the rest', () =>
    expect(refPage(on('GitHub'), hosts, 'branch', 'fix/a#1?')).toBe('https://github.com/n/r/tree/fix/a%231%3F'));

  it('serves a self-hosted server under the same name', () =>
    expect(locateCode(on('GitHub'), codeHosts({ GitHub: 'http://git.local:3000/hub/' }))).toMatchObject({
      page: 'http://git.local:3000/hub/n/r',
      clone: { public: 'http://git.local:3000/hub/n/r.git', key: 'git@git.local:n/r.git' },
    }));

  it('takes deploy keys at another port where one is named', () =>
    expect(
      locateCode(on('GitHub'), codeHosts({ GitHub: 'https://git.local' }, { GitHub: 'ssh://git@git.local:2222/' })),
    ).toMatchObject({ clone: { public: 'https://git.local/n/r.git', key: 'ssh://git@git.local:2222/n/r.git' } }));

  it('has nothing to say about GitCafe without a mirror', () => {
    expect(locateCode(on('GitCafe'), codeHosts({}))).toBeNull();
    expect(refPage(on('GitCafe'), codeHosts({}), 'branch', 'x')).toBeNull();
  });

  it.each([
    ['http://github.com/example/example.git', 'example/example', 'http://github.com/example/example'],
    ['https://127.0.0.1:8443/a/b/c.git', 'a/b/c', 'https://127.0.0.1:8443/a/b/c'],
    ['https://host/alone', 'alone', 'https://host/alone'],
    ['https://host/a/b/', 'a/b', 'https://host/a/b'],
    ['https://user:secret@host/a/b.git?token=secret#x', 'a/b', 'https://host/a/b'],
    ['ssh://git@host:2222/a/b.git', 'a/b', null],
    ['ssh://host/~me/b.git', '~me/b', null],
    ['git@host.example:a/b.git', 'a/b', null],
  ])('reads path and page out of %s', (url, path, page) =>
    expect(locateCode(simple(url), hosts)).toEqual({
      path,
      page,
      commitPrefix: null,
      deployKeys: null,
      clone: { public: url, key: url },
    }),
  );

  it('knows no page of a ref behind a plain URL', () =>
    expect(refPage(simple('https://host/a/b.git'), hosts, 'branch', 'x')).toBeNull());
});
