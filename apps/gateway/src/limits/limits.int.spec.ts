import { AppError } from '@slipway/kernel';
import { repositoryEvents } from '@slipway/read-model/fixtures';
import { serveCommands } from '../house/commands.fixtures.js';
import { callerWith, post, type Call } from '../house/client.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

const LIMITS = { anonymous: 20, caller: 30, writes: 5, webhooks: 10, failures: 10 };

let house: House;
let anybody: Call;
const userOf = async (name: string): Promise<Call> => callerWith(house.url, await house.tokenOf(name));

beforeAll(async () => {
  house = await openHouse({ limits: LIMITS, trustedProxies: ['127.0.0.1'] });
  anybody = callerWith(house.url, undefined);
}, 30_000);
afterAll(() => house.stop());

/** The statuses of so many requests, one after the other. */
async function statusesOf(times: number, call: () => ReturnType<Call>): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < times; count++) statuses.push((await call()).status);
  return statuses;
}
const from = (address: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { 'x-forwarded-for': address, ...(init.headers as Record<string, string>) },
});
const bad = (address: string): RequestInit => from(address, { headers: { authorization: 'Token slp_bad' } });
const countOf = (statuses: readonly number[], status: number): number =>
  statuses.filter((one) => one === status).length;

describe('rate limits', () => {
  it('refuse an address without a token, in the shape of every error, and say when to come back', async () => {
    const call = () => anybody('/v1/repositories/alice', from('203.0.113.1'));
    const statuses = await statusesOf(25, call);
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(200));
    expect(statuses.slice(21)).toContain(429);
    const { status, headers, body } = await until429(call);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('x-request-id')).toBeTruthy();
    expect(body).toEqual({ errors: [{ code: 'rate_limited', message: expect.any(String), source: null }] });
  });

  it('count each address for itself, and the addresses of one IPv6 network together', async () => {
    await statusesOf(25, () => anybody('/v1/repositories/alice', from('203.0.113.2')));
    expect(await anybody('/v1/repositories/alice', from('203.0.113.3'))).toMatchObject({ status: 200 });
    let host = 0;
    const statuses = await statusesOf(25, () => anybody('/v1/repositories/alice', from(`2001:db8::${++host}`)));
    expect(countOf(statuses, 429)).toBeGreaterThan(0);
  });

  it('refuse one user, from whatever address, and no other', async () => {
    const alice = await userOf('alice');
    let host = 0;
    const statuses = await statusesOf(40, () => alice('/v1/auth/profile', from(`203.0.113.${++host}`)));
    expect(countOf(statuses.slice(0, 30), 200)).toBe(30);
    expect(countOf(statuses, 429)).toBeGreaterThan(0);
    expect(await (await userOf('bob'))('/v1/auth/profile')).toMatchObject({ status: 200 });
  });

  it('refuse writes to one namespace, reads not', async () => {
    const carol = await userOf('carol');
    const write = () => carol('/v1/repositories/carol', post({}));
    const statuses = await statusesOf(8, write);
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill(422));
    expect(countOf(statuses, 429)).toBeGreaterThan(0);
    expect(await carol('/v1/repositories/carol')).toMatchObject({ status: 200 });
  });

  it('find the namespace of a write in its body too', async () => {
    const erin = await userOf('erin');
    const statuses = await statusesOf(8, () => erin('/v1/builds', post({ namespace: 'erin' })));
    expect(countOf(statuses, 429)).toBeGreaterThan(0);
  });

  it('do not count the writes of those who may not write', async () => {
    const [mallory, dave] = [await userOf('mallory'), await userOf('dave')];
    await statusesOf(20, () => mallory('/v1/repositories/dave', post({})));
    expect(await dave('/v1/repositories/dave', post({}))).toMatchObject({ status: 422 });
  });

  it('answer bad tokens with 429 when an address tries many, and its good ones as ever', async () => {
    const statuses = await statusesOf(15, () => anybody('/v1/auth/profile', bad('203.0.113.200')));
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(countOf(statuses, 429)).toBeGreaterThan(0);
    const frank = await userOf('frank');
    expect(await frank('/v1/auth/profile', from('203.0.113.200'))).toMatchObject({ status: 200 });
    expect(await anybody('/v1/auth/profile', bad('203.0.113.201'))).toMatchObject({ status: 401 });
  });

  it('refuse, unread, what may hold a password from such an address', async () => {
    await statusesOf(15, () => anybody('/v1/builds', from('203.0.113.210', post({}))));
    expect(await until429(() => anybody('/v1/builds', from('203.0.113.210', post('{'))))).toMatchObject({
      status: 429,
    });
  });

  it('are told as the quota of a namespace is', async () => {
    serveCommands(house, () => {
      throw new AppError('QUOTA_EXCEEDED', { quota: 'queued_builds', limit: 10, retryAfterS: 30 });
    });
    await house.nats.flush();
    const gina = await userOf('gina');
    await house.tell.repository('gina.app', repositoryEvents('gina', 'app'));
    await house.caughtUp();
    const answer = await gina('/v1/builds', post({ namespace: 'gina', repo_name: 'app', tag: 'latest' }));
    const body = { errors: [{ code: 'quota_exceeded', message: expect.any(String), source: 'namespace' }] };
    expect(answer).toMatchObject({ status: 429, body });
    expect(answer.headers.get('retry-after')).toBe('30');
  });

  it('leave those alone who watch the service', async () =>
    expect(await statusesOf(50, () => anybody('/readyz', from('203.0.113.220')))).toEqual(Array(50).fill(200)));
});

/** The limit may have given one back since it refused. */
async function until429(call: () => ReturnType<Call>): ReturnType<Call> {
  const first = await call();
  return first.status === 429 ? first : call();
}

describe('an address that says it is another', () => {
  it('is not believed, unless it is a proxy that we trust', async () => {
    const direct = await openHouse({ limits: LIMITS });
    try {
      const call = callerWith(direct.url, undefined);
      let host = 0;
      const statuses = await statusesOf(25, () => call('/v1/repositories/alice', from(`203.0.113.${++host}`)));
      expect(countOf(statuses, 429)).toBeGreaterThan(0);
    } finally {
      await direct.stop();
    }
  }, 20_000);
});
