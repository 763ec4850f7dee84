import type { NamespaceEvent, NetworkPolicy } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { own, team } from './namespace.fixtures.js';
import { namespace, type NamespaceCommand } from './namespace.js';
import { loosestFor, policyNow, type NetworkPolicies } from './network-policy.js';

const known = specify(namespace);
const named = { namespace: 'team', by: 'olga', at: '2026-11-23T10:00:00.000Z' };
const choose = (policy: NetworkPolicy | null, loosest: NetworkPolicy = 'full'): NamespaceCommand => ({
  type: 'ChooseNetworkPolicy',
  data: { ...named, policy, loosest },
});
const chosen = (policy: NetworkPolicy | null): NamespaceEvent => ({
  type: 'NetworkPolicyChosen',
  data: { ...named, policy },
});

describe('the network policy of a namespace', () => {
  it.each(['none', 'proxy', 'full'] as const)('is %s once that is chosen', (policy) =>
    known(...team)
      .when(choose(policy))
      .then(chosen(policy)),
  );

  it('is the default of the operator again', () =>
    known(...team, chosen('none'))
      .when(choose(null, 'none'))
      .then(chosen(null)));

  it('says nothing when it is chosen again', () => {
    known(...team)
      .when(choose(null))
      .thenNothing();
    known(...team, chosen('proxy'))
      .when(choose('proxy', 'none'))
      .thenNothing();
  });

  it('is not looser than whoever chooses it may choose', () => {
    known(...team)
      .when(choose('full', 'proxy'))
      .thenRejects('NETWORK_POLICY_CLOSED');
    known(...own, chosen('none'))
      .when(choose('proxy', 'none'))
      .thenRejects('NETWORK_POLICY_CLOSED');
    known(...team)
      .when(choose('proxy', 'proxy'))
      .then(chosen('proxy'));
  });

  it('is none of a namespace that is not there', () => known().when(choose('none')).thenRejects('NAMESPACE_NOT_FOUND'));
});

describe('what the operator says', () => {
  const closed: NetworkPolicies = { initial: 'proxy', loosest: 'full' };

  it.each<[NetworkPolicy | null, NetworkPolicies, NetworkPolicy]>([
    [null, closed, 'proxy'],
    ['none', closed, 'none'],
    ['full', closed, 'full'],
    ['full', { initial: 'full', loosest: 'none' }, 'none'],
    [null, { initial: 'full', loosest: 'proxy' }, 'proxy'],
  ])('holds for what was chosen before: %s under %j is %s', (before, policies, now) =>
    expect(policyNow(before, policies)).toBe(now),
  );

  it('is the most that a tenant may choose, and the limit what an administrator of the system may', () => {
    expect([loosestFor(false, closed), loosestFor(true, closed)]).toEqual(['proxy', 'full']);
    const limited: NetworkPolicies = { initial: 'full', loosest: 'none' };
    expect([loosestFor(false, limited), loosestFor(true, limited)]).toEqual(['none', 'none']);
  });
});
