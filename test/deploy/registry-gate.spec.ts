import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { until } from '@slipway/testing';
import { ROOT } from '../../tools/launcher/paths.js';

const PASSWORD = 'a password of the registry';
const soon = Math.ceil(Date.now() / 1_000) + 600;

describe('the gate of a registry', () => {
  let registry: Server;
  let gate: ChildProcess;
  let port: number;
  let registryIs = 200;
  const got: {
    method: string | undefined;
    url: string | undefined;
    authorization: string | undefined;
    body: string;
  }[] = [];
  let api: Server;
  const repositories = new Map<string, unknown>(); // what the gateway answers, by path; a number: with that status
  const asked: string[] = [];
  beforeAll(async () => {
    api = createServer(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers.authorization ?? 'without a login'}`);
      const found = repositories.get(url.replace('/v1/repositories/', '')) ?? 404;
      response.writeHead(typeof found === 'number' ? found : 200).end(JSON.stringify(found));
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    registry = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { method, url, headers } = request;
        if (url?.endsWith('/sha256:breaks-off'))
          return void response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
        got.push({ method, url, authorization: headers.authorization, body: Buffer.concat(pieces).toString() });
        response
          .writeHead(registryIs, { 'docker-content-digest': 'sha256:1', location: `http://${headers.host}/next` })
          .end('{}');
      });
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    port = await freePort();
    gate = spawn(process.execPath, [join(ROOT, 'deploy', 'registry', 'gate.mjs')], {
      stdio: 'ignore',
      env: {
        ...process.env,
        GATE_LISTEN: `127.0.0.1:${port}`,
        GATE_REGISTRY: `http://127.0.0.1:${(registry.address() as AddressInfo).port}`,
        GATE_LOGIN: `slipway:${PASSWORD}`,
        GATE_API: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      },
    });
    await until(() => fetch(`http://127.0.0.1:${port}/`).then(() => true), { limitMs: 20_000 });
  }, 30_000);
  beforeEach(() => {
    got.splice(0);
    asked.splice(0);
    registryIs = 200;
  });
  afterAll(() => {
    gate.kill();
    for (const server of [registry, api]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const ask = async (login: readonly [string, string] | undefined, path: string, init: RequestInit = {}) => {
    const authorization = login && `Basic ${btoa(login.join(':'))}`;
    return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: authorization ? { authorization } : {} });
  };
  const system = ['slipway', PASSWORD] as const;
  const proof = (user: string, password = PASSWORD): string =>
    createHmac('sha256', password).update(user).digest('base64url');
  const puller = (namespace: string, until_ = soon) => {
    const user = `pull.${namespace}.${until_}`;
    return [user, proof(user)] as const;
  };

  it('says that it runs, and whether the registry answers, to nobody in particular', async () => {
    const health = async (path: string) => {
      const answer = await ask(undefined, path);
      return [answer.status, await answer.text()];
    };
    expect([await health('/healthz'), await health('/readyz')]).toEqual([
      [200, ''],
      [200, ''],
    ]);
    expect(got).toEqual([{ method: 'GET', url: '/v2/', authorization: undefined, body: '' }]);
    registryIs = 500;
    expect([await health('/healthz'), await health('/readyz')]).toEqual([
      [200, ''],
      [503, ''],
    ]);
  });

  it('breaks off what the registry breaks off', async () => {
    const answer = await ask(system, '/v2/team/app/blobs/sha256:breaks-off');
    await expect(answer.text()).rejects.toThrow();
  });

  it('lets the login through with all that it sends, and does not show it to the registry', async () => {
    const answer = await ask(system, '/v2/alice/app/blobs/uploads/?digest=x', { method: 'PUT', body: 'layer' });
    expect([answer.status, answer.headers.get('docker-content-digest')]).toEqual([200, 'sha256:1']);
    expect(answer.headers.get('location')).toBe(`http://127.0.0.1:${port}/next`); // the name that it was asked by
    const [request] = got;
    expect(request).toEqual({
      method: 'PUT',
      url: '/v2/alice/app/blobs/uploads/?digest=x',
      authorization: undefined,
      body: 'layer',
    });
  });

  it.each([
    ['nobody', undefined],
    ['another password', ['slipway', 'guessed']],
    ['another user', ['root', PASSWORD]],
    ['a proof of nothing', ['pull.alice.9999999999', '']],
    ['a proof with another password', ['pull.alice.9999999999', proof('pull.alice.9999999999', 'guessed')]],
    ['a proof for another namespace', [`pull.alice.${soon}`, proof(`pull.bob.${soon}`)]],
    ['a proof for longer', ['pull.alice.9999999999', proof(`pull.alice.${soon}`)]],
    ['a time that is over', puller('alice', Math.floor(Date.now() / 1_000) - 1)],
  ] as const)('asks %s for a login, wherever it wants to go', async (_, login) => {
    for (const path of ['/v2/', '/v2/alice/app/manifests/latest', '/']) {
      const answer = await ask(login, path);
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        path,
        401,
        'Basic realm="registry"',
      ]);
    }
    expect(got).toEqual([]);
  });

  it.each(['/v2/', '/v2/alice/app/manifests/latest', '/v2/alice/app/blobs/sha256:abc', '/v2/alice/a/b/tags/list'])(
    'lets a build read %s of its namespace',
    async (path) => {
      for (const method of ['GET', 'HEAD'])
        expect([method, (await ask(puller('alice'), path, { method })).status]).toEqual([method, 200]);
      expect((await ask(puller('alice'), path, { method: 'PUT', body: '' })).status).toBe(403);
      expect(got).toHaveLength(2);
    },
  );

  describe('a repository of another namespace', () => {
    const statusAt = async (path: string, login = puller('alice')) => (await ask(login, path)).status;

    it('is read while it is public, and asked for once for all that is read of it', async () => {
      repositories.set('bob/public', { is_public: true });
      const parts = ['manifests/latest', 'blobs/sha256:abc', 'tags/list'];
      const statuses = await Promise.all(parts.map((part) => statusAt(`/v2/bob/public/${part}`)));
      expect([statuses, got.length, asked]).toEqual([
        [200, 200, 200],
        3,
        ['/v1/repositories/bob/public without a login'],
      ]);
      expect((await ask(puller('alice'), '/v2/bob/public/manifests/latest', { method: 'PUT', body: '' })).status).toBe(
        403,
      );
      expect((await ask(undefined, '/v2/bob/public/manifests/latest')).status).toBe(401);
    });

    it('is refused again soon after it was made private', async () => {
      repositories.set('bob/changing', { is_public: true });
      expect(await statusAt('/v2/bob/changing/manifests/latest')).toBe(200);
      repositories.set('bob/changing', 404);
      await until(async () => (await statusAt('/v2/bob/changing/manifests/latest')) === 403, { limitMs: 20_000 });
    });

    it('is refused in the same words when it is private and when there is none', async () => {
      repositories.set('bob/private', 404);
      repositories.set('bob/not-public', { is_public: false });
      const answers = await Promise.all(
        ['private', 'not-public', 'none'].map((name) => ask(puller('alice'), `/v2/bob/${name}/manifests/latest`)),
      );
      const shown = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
      expect(shown[0]).toEqual([403, expect.stringContaining('DENIED')]);
      expect(shown).toEqual([shown[0], shown[0], shown[0]]);
      expect(got).toEqual([]);
    });

    it.each([401, 429, 500, { not: 'a repository' }])(
      'is for nobody to read when the gateway says %p',
      async (said) => {
        const name = `odd-${JSON.stringify(said).replaceAll(/[^a-z0-9]/g, '')}`;
        repositories.set(`bob/${name}`, said);
        expect(await statusAt(`/v2/bob/${name}/manifests/latest`)).toBe(typeof said === 'number' ? 503 : 403);
        expect(got).toEqual([]);
      },
    );

    it('is not asked for when its name has more than two parts', async () => {
      expect(await statusAt('/v2/bob/a/b/manifests/latest')).toBe(403);
      expect(asked).toEqual([]);
    });

    it('is asked for only so often by one namespace', async () => {
      const statuses: number[] = [];
      for (let n = 0; n < 61; n++) statuses.push(await statusAt(`/v2/bob/none-${n}/manifests/latest`, puller('carol')));
      expect([statuses.filter((status) => status === 403).length, statuses.at(-1)]).toEqual([60, 429]);
      repositories.set('bob/public', { is_public: true });
      expect(await statusAt('/v2/bob/public/manifests/latest')).toBe(200); // others still get their answers
      expect(await statusAt('/v2/carol/app/manifests/latest', puller('carol'))).toBe(200);
    });
  });

  it.each([
    '/v2/bob/app/manifests/latest',
    '/v2/alicebob/app/manifests/latest',
    '/v2/_catalog',
    '/v2/alice/manifests/latest',
    '/v2/alice/app/blobs/uploads/',
    '/v2/alice/../bob/app/manifests/latest',
    '/v2/alice/%2e%2e/bob/app/manifests/latest',
    '/v2/alice//../bob/app/manifests/latest',
    '/v2/alice/app/manifests/latest?n=1',
    '/v2/alice/app/manifests/../../../bob/app/manifests/latest',
    '/v2/ALICE/app/manifests/latest',
    'http://127.0.0.1/v2/bob/app/manifests/latest',
    '/metrics',
  ])('refuses a build %s', async (path) => {
    expect(await statusOf(port, path, puller('alice'))).toBe(403);
    expect(got).toEqual([]);
  });
});

/** As it is written: fetch would tidy the path up. */
function statusOf(port: number, path: string, login: readonly [string, string]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: registry\r\nAuthorization: Basic ${btoa(login.join(':'))}\r\n\r\n`),
    );
    socket.once('data', (answer) => {
      resolve(Number(answer.toString().split(' ')[1]));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
