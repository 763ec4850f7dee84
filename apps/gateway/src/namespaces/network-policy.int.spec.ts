import {
  ChooseNetworkPolicyCommand,
  commandEnvelope,
  commandSubjects,
  NetworkPolicyQuery,
  querySubjects,
  type NetworkPolicyView,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { callerWith } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { tellOrganisation } from '../house/namespaces.fixtures.js';

let house: House;
const asked: ChooseNetworkPolicyCommand[] = [];
const path = '/v1/namespaces/team/network-policy';
const put = (body: unknown): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) });
const view: NetworkPolicyView = {
  namespace: 'team',
  policy: 'none',
  chosen: 'none',
  default_policy: 'full',
  loosest_policy: 'full',
};
const callerNamed = async (name: string, isAdmin = false): Promise<ReturnType<typeof callerWith>> =>
  callerWith(house.url, await house.tokenOf(name, { isAdmin }));

beforeAll(async () => {
  house = await openHouse();
  await tellOrganisation(house.store, 'team', { olga: 'admin', bob: 'builder' });
}, 30_000);
afterAll(() => house.stop());

describe('the network policy of a namespace', () => {
  it('is 503 while nobody decides', async () => {
    const olga = await callerNamed('olga');
    expect(await olga(path)).toMatchObject({ status: 503 });
  });

  it('is told to members, and chosen by administrators', async () => {
    const common = { queue: 'repository', onError: rethrow };
    serve(house.nats, {
      ...common,
      subject: querySubjects.networkPolicy,
      schema: NetworkPolicyQuery,
      handle: async ({ namespace }) => ({ ...view, namespace }),
    });
    serve(house.nats, {
      ...common,
      subject: commandSubjects.chooseNetworkPolicy,
      schema: commandEnvelope(ChooseNetworkPolicyCommand),
      handle: async ({ command }) => {
        asked.push(command);
        if (command.body.policy === 'full' && !command.bySystem)
          throw new AppError('NETWORK_POLICY_CLOSED', { source: 'policy', policy: 'full', loosest: 'proxy' });
        return view;
      },
    });
    await house.nats.flush();
    const [olga, bob] = [await callerNamed('olga'), await callerNamed('bob')];
    expect(await bob(path)).toMatchObject({ status: 200, body: view });
    expect(await bob(path, put({ policy: 'none' }))).toMatchObject({ status: 403 });
    expect(await (await callerNamed('stranger'))(path)).toMatchObject({ status: 404 });
    expect(await callerWith(house.url, undefined)(path, put({ policy: 'none' }))).toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
    expect(await olga(path, put({ policy: 'none' }))).toMatchObject({ status: 200, body: view });
    expect(await olga(path, put({ policy: null }))).toMatchObject({ status: 200 });
    const closed = { status: 403, body: { errors: [{ code: 'network_policy_closed', source: 'policy' }] } };
    expect(await olga(path, put({ policy: 'full' }))).toMatchObject(closed);
    const admin = await callerNamed('admin', true);
    expect(await admin(path, put({ policy: 'full' }))).toMatchObject({ status: 200 });
    expect(asked.map(({ body, bySystem }) => [body.policy, bySystem])).toEqual([
      ['none', false],
      [null, false],
      ['full', false],
      ['full', true],
    ]);
  });

  it.each([{}, { policy: 'open' }, { policy: 1 }])('is not %j', async (body) => {
    const refused = { status: 422, body: { errors: [{ code: 'field_invalid', source: 'policy' }] } };
    expect(await (await callerNamed('olga'))(path, put(body))).toMatchObject(refused);
  });
});
