import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { egressTo, type Resolve } from './egress.js';
import { parsePrivateHosts } from './private-hosts.js';
import { safeFetch } from './safe-fetch.js';

describe('safeFetch', () => {
  let server: Server;
  let port: number;
  let answer: RequestListener;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).on('connection', () => connections++);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    connections = 0;
    answer = (_, response) => response.end('hello');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const loopback: Resolve = () => Promise.resolve(['127.0.0.1']);
  const listed = egressTo({ privateHosts: parsePrivateHosts('hook.example'), resolve: loopback });

  it('speaks to the address that was judged, under the name that was asked for', async () => {
    let asked = 0;
    const resolve: Resolve = () => Promise.resolve(asked++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']);
    const egress = egressTo({ privateHosts: parsePrivateHosts('hook.example'), resolve });
    let seen: unknown;
    answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen = [request.method, request.headers.host, request.headers['x-a'], Buffer.concat(chunks).toString()];
        response.writeHead(201, { 'x-b': '2' }).end('made');
      });
    };
    const request = { method: 'POST', headers: { 'x-a': '1' }, body: '{}' } as const;
    const { status, headers, body } = await safeFetch(egress, `http://hook.example:${port}/in?a=b`, request);
    expect([status, headers['x-b'], body.toString()]).toEqual([201, '2', 'made']);
    expect(seen).toEqual(['POST', `hook.example:${port}`, '1', '{}']);
    expect(asked).toBe(1);
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '127.0.0.1.'])(
    'sends nothing to %s',
    async (host) => {
      const refused = safeFetch(egressTo(), `http://${host}:${port}/`);
      await expect(refused).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
      expect(connections).toBe(0);
    },
  );

  it('sends nothing to a name that also leads inside', async () => {
    const mixed = egressTo({ resolve: () => Promise.resolve(['8.8.8.8', '127.0.0.1']) });
    await expect(safeFetch(mixed, `http://hook.example:${port}/`)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(connections).toBe(0);
  });

  it('speaks no other scheme', () =>
    expect(safeFetch(listed, 'ftp://hook.example/')).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' }));

  it('follows no redirect', async () => {
    answer = (_, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
    expect((await safeFetch(listed, `http://hook.example:${port}/`)).status).toBe(302);
    expect(connections).toBe(1);
  });

  it('reads no more than it may', async () => {
    answer = (_, response) => response.end('x'.repeat(1_000_000));
    const { body } = await safeFetch(listed, `http://hook.example:${port}/`, { maxBytes: 1_000 });
    expect(body).toHaveLength(1_000);
  });

  it('gives up when it takes too long, or is told to', async () => {
    answer = () => {};
    const url = `http://hook.example:${port}/`;
    await expect(safeFetch(listed, url, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
    const silent = egressTo({ resolve: () => Promise.withResolvers<never>().promise });
    await expect(safeFetch(silent, url, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
    const signal = AbortSignal.abort(new Error('stopped by test'));
    await expect(safeFetch(listed, url, { signal })).rejects.toThrow('stopped by test');
  });
});
