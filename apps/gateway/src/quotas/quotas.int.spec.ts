import { querySubjects, QuotaQuery, streams, type QuotaView } from '@slipway/contracts';
import { serve } from '@slipway/messaging';
import { callerWith } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { serveNamespaces, tellOrganisation } from '../house/namespaces.fixtures.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 30_000);
afterAll(() => house.stop());

const resets_at = '2026-12-01T00:00:00.000Z';
const quotaOf = (namespace: string): QuotaView => ({
  namespace,
  queued_builds: { limit: 10, is_overridden: false, used: 3 },
  running_builds: { limit: null, is_overridden: false, used: 1 },
  build_minutes: { limit: 60, is_overridden: true, used: 12, resets_at },
  log_bytes: { limit: null, is_overridden: false, used: 4_096, resets_at },
});
const asked: QuotaQuery[] = [];

describe('the quota of a namespace', () => {
  it('is 503 while nobody decides', async () => {
    const alice = callerWith(house.url, await house.tokenOf('alice'));
    expect(await alice('/v1/namespaces/alice/quota')).toMatchObject({ status: 503 });
  });

  it('is told to those who see inside, and is not there for others', async () => {
    serve(house.nats, {
      subject: querySubjects.quota,
      queue: 'build-orchestrator',
      schema: QuotaQuery,
      onError: rethrow,
      handle: async (query) => {
        asked.push(query);
        return quotaOf(query.namespace);
      },
    });
    await house.nats.flush();
    const path = '/v1/namespaces/bob/quota';
    const [bob, carol] = [await house.tokenOf('bob'), await house.tokenOf('carol')];
    const admin = await house.tokenOf('admin', { isAdmin: true });
    expect(await callerWith(house.url, bob)(path)).toMatchObject({ status: 200, body: quotaOf('bob') });
    expect(await callerWith(house.url, admin)(path)).toMatchObject({ status: 200, body: quotaOf('bob') });
    const absent = { status: 404, body: { errors: [{ code: 'namespace_not_found', source: 'namespace' }] } };
    expect(await callerWith(house.url, carol)(path)).toMatchObject(absent);
    const unreadable = await callerWith(house.url, admin)('/v1/namespaces/NO/quota');
    expect(unreadable).toMatchObject({ status: 404, body: { errors: [{ code: 'namespace_not_found' }] } });
    expect(await callerWith(house.url, undefined)(path)).toMatchObject({ status: 401 });
  });

  it('is set by administrators of the system, and shown once the orchestrator has read it', async () => {
    serveNamespaces(house);
    await tellOrganisation(house.store, 'team', { olga: 'admin', bob: 'builder' });
    const path = '/v1/namespaces/team/quota';
    const put = (body: object): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) });
    const quotas = async () => {
      const stored = await house.store.read(streams.namespace('team'));
      return stored.flatMap(({ type, data, position }) => (type === 'QuotaSet' ? [{ data, position }] : []));
    };
    for (const name of ['olga', 'bob', 'stranger']) {
      const answer = await callerWith(house.url, await house.tokenOf(name))(path, put({ build_minutes: 90 }));
      expect(answer).toMatchObject({ status: 403, body: { errors: [{ code: 'access_denied' }] } });
    }
    expect(await callerWith(house.url, undefined)(path, put({}))).toMatchObject({ status: 401 });
    expect(await quotas()).toEqual([]);

    const admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
    expect(await admin(path, put({ build_minutes: 90 }))).toMatchObject({ status: 200, body: quotaOf('team') });
    const quota = { queuedBuilds: null, runningBuilds: null, buildMinutes: 90, logBytes: null };
    const [set] = await quotas();
    expect(set?.data).toMatchObject({ namespace: 'team', by: 'admin', quota });
    expect(asked.at(-1)).toEqual({ namespace: 'team', position: set?.position });

    for (const build_minutes of [0, -1, 1.5, '9', 2 ** 60]) {
      const refused = { status: 422, body: { errors: [{ code: 'field_invalid', source: 'build_minutes' }] } };
      expect(await admin(path, put({ build_minutes }))).toMatchObject(refused);
    }
    const absent = { status: 404, body: { errors: [{ code: 'namespace_not_found' }] } };
    expect(await admin('/v1/namespaces/nobody-is-here/quota', put({}))).toMatchObject(absent);
    expect(await quotas()).toHaveLength(1);
  });
});
