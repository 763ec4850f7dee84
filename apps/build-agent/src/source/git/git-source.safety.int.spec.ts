import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { egressTo, parsePrivateHosts } from '@slipway/egress';
import { startGitServer, startHangingServer, until, type GitServer } from '@slipway/testing';
import { fetches, startHttp } from './git-source.fixtures.js';

describe('git source', () => {
  const { fetch, path, processes } = fetches();
  const canary = join(path, 'canary');
  let server: GitServer;
  beforeAll(async () => {
    server = await startGitServer();
  });
  afterAll(() => server.stop());
  const noCanary = (): void => expect(existsSync(canary)).toBe(false);

  it.each([
    ['an option', () => `--upload-pack=touch ${canary}`],
    ['an option without blanks', () => `--upload-pack=touch\${IFS}${canary}`],
    ['a short option', () => `-utouch\${IFS}${canary}`],
    ['a remote helper', () => `ext::sh -c touch% ${canary}`],
    ['a remote helper in a URL', () => `ext::sh%20-c%20touch%20${canary}`],
    ['a local repository', () => `file://${path}`],
    ['a path', () => path],
  ])('refuses %s as clone URL, and executes nothing', async (_, cloneUrl) => {
    await expect(fetch({ cloneUrl: cloneUrl() })).rejects.toMatchObject({ code: 'SOURCE_URL_REFUSED' });
    noCanary();
  });

  it.each(['--upload-pack=touch${IFS}CANARY', '-uCANARY', '--exec=touch CANARY'])(
    'takes the ref and the commit %s for a name that does not exist',
    async (template) => {
      const { cloneUrl } = await server.createRepository(`options-${template.length}`, { a: '1' });
      const name = template.replace('CANARY', canary);
      for (const type of ['branch', 'tag'] as const)
        await expect(fetch({ cloneUrl, ref: { type, name } })).rejects.toMatchObject({ code: 'SOURCE_REF_NOT_FOUND' });
      await expect(fetch({ cloneUrl, commit: name })).rejects.toMatchObject({ code: 'SOURCE_COMMIT_NOT_FOUND' });
      noCanary();
    },
  );

  it('executes nothing that the machine, its user or the repository configures', async () => {
    const home = join(path, 'evil-home');
    const hooks = join(home, 'template/hooks');
    await mkdir(hooks, { recursive: true });
    const script = join(hooks, 'post-checkout');
    await writeFile(script, `#!/bin/sh\ntouch '${canary}'\n`);
    await chmod(script, 0o755);
    const config = join(home, '.gitconfig');
    await writeFile(
      config,
      `[core]\n hooksPath = ${hooks}\n fsmonitor = ${script}\n[init]\n templateDir = ${join(home, 'template')}\n` +
        `[filter "evil"]\n smudge = ${script}\n required = true\n`,
    );
    const { cloneUrl } = await server.createRepository('filters', {
      '.gitattributes': '* filter=evil\n',
      '.lfsconfig': `[lfs]\n url = ${server.url}/lfs\n`,
      a: 'as it is',
    });
    const environment = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: config,
      GIT_TEMPLATE_DIR: join(home, 'template'),
      GIT_ASKPASS: script,
      GIT_EXEC_PATH: hooks,
      GIT_PROXY_COMMAND: script,
    };
    const { at } = await fetch({ cloneUrl }, { environment });
    expect(await readFile(at('a'), 'utf8')).toBe('as it is');
    noCanary();
  });

  it('leaves submodules empty', async () => {
    const inner = await server.createRepository('inner', { a: '1' });
    const { cloneUrl } = await server.createRepository('outer', {
      '.gitmodules': `[submodule "inner"]\n\tpath = inner\n\turl = ${inner.cloneUrl}\n`,
      inner: { submodule: inner.head },
    });
    const { at } = await fetch({ cloneUrl });
    expect(await readdir(at('inner'))).toEqual([]);
    expect(server.requests.filter((request) => request.includes('/inner.git'))).toEqual([]);
  });

  it('follows no redirect', async () => {
    const { cloneUrl } = await server.createRepository('target', { a: '1' });
    const before = server.requests.length;
    const { url, server: http } = await startHttp((request, response) =>
      response.writeHead(302, { location: cloneUrl + (request.url ?? '').replace('/r.git', '') }).end(),
    );
    await expect(fetch({ cloneUrl: `${url}/r.git` }))
      .rejects.toMatchObject({ code: 'SOURCE_URL_REFUSED' })
      .finally(() => http.close());
    expect(server.requests).toHaveLength(before);
  });

  describe('and private addresses', () => {
    const answering = (...answers: readonly (readonly string[])[]) => {
      const left = [...answers];
      const privateHosts = parsePrivateHosts('git.example');
      return egressTo({ privateHosts, resolve: () => Promise.resolve(left.shift() ?? []) });
    };

    it.each([
      ['a name that leads inside', 'evil.example', answering(['127.0.0.1'])],
      ['a name that also leads inside', 'evil.example', answering(['8.8.8.8', '127.0.0.1'])],
      ['localhost', 'localhost', egressTo()],
      ['an address', '127.0.0.1', egressTo()],
      ['an address as one number', '2130706433', egressTo()],
      ['an address in IPv6', '[::ffff:127.0.0.1]', egressTo()],
    ])('refuses %s, and connects to nothing', async (_, host, egress) => {
      let connections = 0;
      const { url, server: http } = await startHttp((_request, response) => response.end());
      http.on('connection', () => (connections += 1));
      const cloneUrl = `${url.replace('127.0.0.1', host)}/r.git`;
      await expect(fetch({ cloneUrl }, { egress }))
        .rejects.toMatchObject({ code: 'SOURCE_ADDRESS_REFUSED', infrastructure: false })
        .finally(() => http.close());
      expect(connections).toBe(0);
    });

    it('refuses a name that was public the last time', async () => {
      const egress = answering(['8.8.8.8'], ['127.0.0.1']);
      await egress.addressOf('evil.example'); // when the repository was created
      const rebound = fetch({ cloneUrl: 'http://evil.example/r.git' }, { egress });
      await expect(rebound).rejects.toMatchObject({ code: 'SOURCE_ADDRESS_REFUSED' });
    });

    it.each(['git.example', 'GIT.example.'])(
      'has git look up nothing itself: %s is where it was judged',
      async (host) => {
        const { cloneUrl, head } = await server.createRepository(`pinned-${host.length}`, { a: '1' });
        const egress = answering(['127.0.0.1']); // no resolver knows the name
        expect((await fetch({ cloneUrl: cloneUrl.replace('127.0.0.1', host) }, { egress })).commit).toBe(head);
      },
    );
  });

  it('stops at once when it is told to, with the reason given, and leaves no process', async () => {
    const hanging = await startHangingServer();
    try {
      const abort = new AbortController();
      const fetched = fetch({ cloneUrl: `${hanging.url}/r.git` }, { signal: abort.signal });
      const caught = expect(fetched).rejects.toThrow('cancelled by test');
      await until(() => hanging.connections() > 0);
      abort.abort(new Error('cancelled by test'));
      await caught;
      await until(async () => (await processes()).length === 0 && hanging.connections() === 0);
    } finally {
      await hanging.stop();
    }
  });

  it('does not start when it was told to stop before', async () => {
    const { cloneUrl } = await server.createRepository('late', { a: '1' });
    const signal = AbortSignal.abort(new Error('cancelled before'));
    await expect(fetch({ cloneUrl }, { signal })).rejects.toThrow('cancelled before');
    expect(server.requests.filter((request) => request.includes('/late.git'))).toEqual([]);
  });

  it('passes on what the taker of its lines throws, and leaves no process', async () => {
    const { cloneUrl } = await server.createRepository('lines', { a: '1' });
    const onLine = (line: string): void => {
      if (line.startsWith('remote:')) throw new Error('the log is gone');
    };
    await expect(fetch({ cloneUrl }, { onLine })).rejects.toThrow('the log is gone');
    await until(async () => (await processes()).length === 0);
  });

  it('stops although the taker of its lines never comes back', async () => {
    const { cloneUrl } = await server.createRepository('stuck', { a: '1' });
    const abort = new AbortController();
    const onLine = (line: string): Promise<void> | void => {
      if (!line.startsWith('remote:')) return;
      abort.abort(new Error('cancelled by test'));
      return Promise.withResolvers<void>().promise;
    };
    await expect(fetch({ cloneUrl }, { signal: abort.signal, onLine })).rejects.toThrow('cancelled by test');
    await until(async () => (await processes()).length === 0);
  });

  it('says that git is missing as what it is: no failure of the build', async () => {
    const { cloneUrl } = await server.createRepository('nogit', { a: '1' });
    await expect(fetch({ cloneUrl }, { environment: { PATH: '/nonexistent' } })).rejects.toThrow(
      'git cannot be started',
    );
  });
});
