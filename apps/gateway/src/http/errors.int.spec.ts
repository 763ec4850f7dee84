import { connect } from 'node:net';
import type { LogFields, Logger } from '@slipway/platform';
import { silentLogger } from '@slipway/platform';
import { callerWith, post, type Call } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

let house: House;
let admin: Call;
const logged: { fields: LogFields; message: string }[] = [];
const logger: Logger = { ...silentLogger, error: (fields, message) => void logged.push({ fields, message }) };

beforeAll(async () => {
  house = await openHouse({ logger });
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
}, 30_000);
afterAll(() => house.stop());
beforeEach(() => {
  logged.length = 0;
});

const error = (code: string, source: string | null = null): object => ({
  errors: [{ code, message: expect.any(String), source }],
});

describe('errors', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['GET', '/'],
    ['DELETE', '/v1/builds'],
    ['PATCH', '/v1/builds'],
    ['OPTIONS', '/v1/builds'],
  ])('say 404 for %s %s', async (method, path) =>
    expect(await admin(path, { method })).toMatchObject({ status: 404, body: error('route_not_found') }),
  );

  it.each(['{', '{"a":}', '', '{"__proto__":{}}'])('say 400 for a body that cannot be read: %s', async (body) =>
    expect(await admin('/v1/builds', post(body))).toMatchObject({ status: 400, body: error('request_malformed') }),
  );

  it('say 400 for no body at all', async () =>
    expect(await admin('/v1/builds', { method: 'POST' })).toMatchObject({
      status: 400,
      body: error('request_malformed'),
    }));

  it.each(['[]', '"text"', '7', 'null'])('say 422 for a body that is no object: %s', async (body) =>
    expect(await admin('/v1/builds', post(body))).toMatchObject({ status: 422, body: error('field_invalid') }),
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense'])(
    'say 415 for %s',
    async (type) =>
      expect(
        await admin('/v1/builds', { method: 'POST', body: 'namespace=a', headers: { 'content-type': type } }),
      ).toMatchObject({ status: 415, body: error('content_type_unsupported', 'Content-Type') }),
  );

  it('say 413 for a body over 1 MiB', async () => {
    const body = JSON.stringify({ full_description: 'x'.repeat(1024 * 1024) });
    expect(await admin('/v1/repositories/a', post(body))).toMatchObject({ status: 413, body: error('body_too_large') });
  });

  it('say 422 for deep nesting, not 500', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(await admin('/v1/builds', post(deep))).toMatchObject({ status: 422 });
    expect(logged).toEqual([]);
  });

  it.each(['/v1/builds/%E0%A4%A', '/v1/repositories/%ff/x'])('say 400 for a path that is no text: %s', async (path) =>
    expect(await admin(path)).toMatchObject({ status: 400, body: error('request_malformed') }),
  );

  it('say 400 for what is not HTTP', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(house.url);
      let text = '';
      const socket = connect(Number(port), hostname, () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (bytes) => (text += String(bytes)));
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual(error('request_malformed'));
  });

  it('say 500 for a bug, tell nobody what it was, and log it once', async () => {
    const { byTokenHash } = house.readModel.users;
    const users = house.readModel.users as { byTokenHash: typeof byTokenHash };
    users.byTokenHash = async () => {
      throw new TypeError('secret detail');
    };
    try {
      // Not by our client: to it, a 500 is a failed test.
      const answer = await fetch(`${house.url}/v1/auth/profile`, { headers: { authorization: 'Token slp_any' } });
      expect(answer.status).toBe(500);
      const requestId = answer.headers.get('x-request-id') ?? 'none';
      expect(await answer.json()).toEqual({
        errors: [{ code: 'internal_error', message: expect.stringContaining(requestId), source: null }],
      });
      expect(logged).toEqual([
        { message: 'request failed by a bug', fields: expect.objectContaining({ correlationId: requestId }) },
      ]);
    } finally {
      users.byTokenHash = byTokenHash;
    }
  });

  it('say 503 with Retry-After when nobody decides', async () => {
    const { status, headers, body } = await admin(
      '/v1/builds',
      post({ namespace: 'a', repo_name: 'b', tag: 'latest' }),
    );
    expect([status, body]).toEqual([503, error('service_unavailable')]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('every answer', () => {
  it('has a request id: the given one, or a new one', async () => {
    const withId = (id: string) => admin('/v1/auth/profile', { headers: { 'x-request-id': id } });
    expect((await withId('my-id.1')).headers.get('x-request-id')).toBe('my-id.1');
    expect((await withId('spaces are none')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await admin('/v1/nothing')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is the same with a trailing slash and in capitals', async () => {
    for (const path of ['/v1/auth/profile/', '/V1/Auth/Profile'])
      expect(await admin(path)).toMatchObject({ status: 200, body: { username: 'admin' } });
  });
});

describe('health', () => {
  it('is told on the public port, to everybody', async () => {
    const nobody = callerWith(house.url, undefined);
    expect(await nobody('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await nobody('/readyz')).toMatchObject({
      status: 200,
      body: { checks: { nats: 'ok', 'read-model': 'ok' } },
    });
  });
});
