import { randomUUID } from 'node:crypto';
import { streams, type NetworkPolicy } from '@slipway/contracts';
import { createMemoryEventStore, namespaceCodec } from '@slipway/event-store';
import { systemClock as clock } from '@slipway/kernel';
import { namespaceDesk } from './change-namespaces.js';
import { networkPolicyDesk, type NetworkPolicyDesk } from './network-policy.js';

const store = createMemoryEventStore();
const desk = networkPolicyDesk({ store, clock, networkPolicies: { initial: 'proxy', loosest: 'full' } });
const sender = (): { commandId: string; actor: string; correlationId: string } => {
  const commandId = randomUUID();
  return { commandId, actor: 'olga', correlationId: commandId };
};
const choose = (policy: NetworkPolicy | null, bySystem = false): ReturnType<NetworkPolicyDesk['choose']> =>
  desk.choose({ ...sender(), command: { namespace: 'team', body: { policy }, bySystem } });

describe('the network policy of a namespace', () => {
  const operator = { default_policy: 'proxy', loosest_policy: 'full' };

  it('is the default before anybody has chosen, also of what is not there', async () => {
    await namespaceDesk({ store, clock }).create({ ...sender(), command: { name: 'team', description: '' } });
    for (const namespace of ['team', 'nobody'])
      expect(await desk.show({ namespace })).toEqual({ namespace, policy: 'proxy', chosen: null, ...operator });
  });

  it('is tightened by its administrators, and opened by those of the system alone', async () => {
    await expect(choose('full')).rejects.toMatchObject({ code: 'NETWORK_POLICY_CLOSED', kind: 'forbidden' });
    expect(await choose('none')).toEqual({ namespace: 'team', policy: 'none', chosen: 'none', ...operator });
    expect(await choose('full', true)).toEqual({ namespace: 'team', policy: 'full', chosen: 'full', ...operator });
    expect(await choose(null)).toEqual({ namespace: 'team', policy: 'proxy', chosen: null, ...operator });
    const told = (await store.read(streams.namespace('team'))).map((event) => namespaceCodec.decode(event));
    const chosen = told.flatMap((event) => (event?.type === 'NetworkPolicyChosen' ? [event.data] : []));
    expect(chosen.map(({ policy, by }) => [policy, by])).toEqual([
      ['none', 'olga'],
      ['full', 'olga'],
      [null, 'olga'],
    ]);
  });

  it('is cut down to what the operator has closed since', async () => {
    await choose('full', true);
    const closed = networkPolicyDesk({ store, clock, networkPolicies: { initial: 'full', loosest: 'none' } });
    expect(await closed.show({ namespace: 'team' })).toMatchObject({ policy: 'none', chosen: 'full' });
  });
});
