import { querySubjects, QuotaQuery, type QuotaView } from '@slipway/contracts';
import { serve } from '@slipway/messaging';
import { callerWith } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 30_000);
afterAll(() => house.stop());

const quotaOf = (namespace: string): QuotaView => ({
  namespace,
  queued_builds: { limit: 10, used: 3 },
  running_builds: { limit: null, used: 1 },
});

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
      handle: async ({ namespace }) => quotaOf(namespace),
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
});
